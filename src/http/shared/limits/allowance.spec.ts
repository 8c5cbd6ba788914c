import { Allowance } from './allowance';

const LIMITS = { requestsPerMinute: 60, burstSize: 5 };

/** Takes until nothing is left. */
function drain(allowance: Allowance): number {
  let taken = 0;
  while (taken < 10_000 && allowance.take()) taken += 1;
  return taken;
}

describe('Allowance', () => {
  it('begins full', () => {
    const allowance = new Allowance({ requestsPerMinute: 60, burstSize: 0 }, 0);
    expect(allowance.remaining).toBe(60);
    expect(allowance.fullInMs).toBe(0);
    expect(drain(allowance)).toBe(60);
    expect(allowance.remaining).toBe(0);
  });

  it('refills steadily, and never beyond its size', () => {
    const allowance = new Allowance({ requestsPerMinute: 60, burstSize: 0 }, 0);
    drain(allowance);
    allowance.refill(2_500);
    expect(drain(allowance)).toBe(2);
    allowance.refill(3_600_000);
    expect(drain(allowance)).toBe(60);
  });

  it('lets a burst through, refilled within a second', () => {
    const allowance = new Allowance(LIMITS, 0);
    expect(drain(allowance)).toBe(5);
    allowance.refill(400);
    expect(drain(allowance)).toBe(2);
    allowance.refill(1_400);
    expect(drain(allowance)).toBe(5);
  });

  it('spends nothing on a request that it refuses', () => {
    const allowance = new Allowance(LIMITS, 0);
    drain(allowance);
    const { remaining } = allowance;
    allowance.take();
    expect(allowance.remaining).toBe(remaining);
  });

  it('says when it is full again, and when a request is let through', () => {
    const allowance = new Allowance({ requestsPerMinute: 6, burstSize: 0 }, 0);
    drain(allowance);
    expect(allowance.fullInMs).toBe(60_000);
    expect(allowance.retryAfterSeconds).toBe(10);
    allowance.refill(9_500);
    expect(allowance.retryAfterSeconds).toBe(1);
  });

  it('never says less than a second', () => {
    const allowance = new Allowance(LIMITS, 0);
    drain(allowance);
    expect(allowance.retryAfterSeconds).toBe(1);
  });

  it.each([
    ['the minute', { requestsPerMinute: 0, burstSize: 3 }, 3],
    ['the burst', { requestsPerMinute: 7, burstSize: 0 }, 7],
    ['both', { requestsPerMinute: 0, burstSize: 0 }, 10_000],
  ])('does not limit %s when that is off', (_what, limits, expected) => {
    expect(drain(new Allowance(limits, 0))).toBe(expected);
  });

  it('takes over limits that change', () => {
    const limits = { requestsPerMinute: 60, burstSize: 0 };
    const allowance = new Allowance(limits, 0);
    limits.requestsPerMinute = 10;
    allowance.refill(1);
    expect(drain(allowance)).toBe(10);
  });

  it('does not go back in time', () => {
    const allowance = new Allowance(LIMITS, 1_000);
    drain(allowance);
    allowance.refill(500);
    expect(drain(allowance)).toBe(0);
  });

  it('loses its patience with refusals, and finds it again', () => {
    const allowance = new Allowance({ requestsPerMinute: 2, burstSize: 0 }, 0);
    allowance.tryPatience();
    expect(allowance.isPatient).toBe(true);
    allowance.tryPatience();
    expect(allowance.isPatient).toBe(false);
    allowance.refill(30_000);
    expect(allowance.isPatient).toBe(true);
  });

  it('has endless patience where nothing is limited', () => {
    const allowance = new Allowance({ requestsPerMinute: 0, burstSize: 0 }, 0);
    allowance.tryPatience();
    expect(allowance.isPatient).toBe(true);
  });
});
