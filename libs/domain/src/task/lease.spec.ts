import { openLease, renewLease } from './lease';

const TERMS = { token: 'token-1', workerId: null, lengthMs: 1_000 };

describe('openLease', () => {
  it('runs from the claim on', () => {
    expect(openLease(TERMS, 3, null, 500)).toEqual({
      ...{ token: 'token-1', workerId: null, lengthMs: 1_000 },
      ...{ attempt: 3, claimedAt: 500, expiresAt: 1_500, timeoutAt: null },
      ...{ progress: 0, progressMessage: null, endedBy: null, slotUntil: null },
    });
  });

  it('ends by the task’s own time-out at the latest', () => {
    expect(openLease(TERMS, 1, 60, 500).timeoutAt).toBe(60_500);
  });
});

describe('renewLease', () => {
  it('is good for its length again, and for no longer', () => {
    const lease = openLease(TERMS, 1, 60, 0);
    expect(renewLease(lease, 700)).toEqual({ ...lease, expiresAt: 1_700 });
  });

  it('never shortens a lease, even when the clock goes back', () => {
    const lease = openLease(TERMS, 1, null, 1_000);
    expect(renewLease(lease, 200).expiresAt).toBe(2_000);
  });
});
