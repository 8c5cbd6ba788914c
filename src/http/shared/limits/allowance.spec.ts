import { Allowance, type BucketSizes } from './allowance';

const LIMITS = { requestsPerMinute: 60, burstSize: 5 };

/** A caller with buckets of these sizes, that came at some time. */
class Caller {
  readonly allowance: Allowance;

  constructor(
    private readonly sizes: BucketSizes,
    now = 0,
  ) {
    this.allowance = new Allowance(now);
    this.allowance.refill(sizes, now);
  }

  refill(now: number): void {
    this.allowance.refill(this.sizes, now);
  }
}

/** Takes until nothing is left. */
function drain(allowance: Allowance): number {
  let taken = 0;
  while (taken < 10_000 && allowance.take()) taken += 1;
  return taken;
}

describe('Allowance', () => {
  it('begins full', () => {
    const caller = new Caller({ requestsPerMinute: 60, burstSize: 0 }, 0);
    const { allowance } = caller;
    expect(allowance.remaining).toBe(60);
    expect(allowance.fullInMs).toBe(0);
    expect(drain(allowance)).toBe(60);
    expect(allowance.remaining).toBe(0);
  });

  it('refills steadily, and never beyond its size', () => {
    const caller = new Caller({ requestsPerMinute: 60, burstSize: 0 }, 0);
    const { allowance } = caller;
    drain(allowance);
    caller.refill(2_500);
    expect(drain(allowance)).toBe(2);
    caller.refill(3_600_000);
    expect(drain(allowance)).toBe(60);
  });

  it('lets a burst through, refilled within a second', () => {
    const caller = new Caller(LIMITS, 0);
    const { allowance } = caller;
    expect(drain(allowance)).toBe(5);
    caller.refill(400);
    expect(drain(allowance)).toBe(2);
    caller.refill(1_400);
    expect(drain(allowance)).toBe(5);
  });

  it('spends nothing on a request that it refuses', () => {
    const caller = new Caller(LIMITS, 0);
    const { allowance } = caller;
    drain(allowance);
    const { remaining } = allowance;
    allowance.take();
    expect(allowance.remaining).toBe(remaining);
  });

  it('says when it is full again, and when a request is let through', () => {
    const caller = new Caller({ requestsPerMinute: 6, burstSize: 0 }, 0);
    const { allowance } = caller;
    drain(allowance);
    expect(allowance.fullInMs).toBe(60_000);
    expect(allowance.retryAfterSeconds).toBe(10);
    caller.refill(9_500);
    expect(allowance.retryAfterSeconds).toBe(1);
  });

  it('never says less than a second', () => {
    const caller = new Caller(LIMITS, 0);
    const { allowance } = caller;
    drain(allowance);
    expect(allowance.retryAfterSeconds).toBe(1);
  });

  it.each([
    ['the minute', { requestsPerMinute: 0, burstSize: 3 }, 3],
    ['the burst', { requestsPerMinute: 7, burstSize: 0 }, 7],
    ['both', { requestsPerMinute: 0, burstSize: 0 }, 10_000],
  ])('does not limit %s when that is off', (_what, limits, expected) => {
    expect(drain(new Caller(limits).allowance)).toBe(expected);
  });

  it('takes over limits that change', () => {
    const limits = { requestsPerMinute: 60, burstSize: 0 };
    const caller = new Caller(limits, 0);
    const { allowance } = caller;
    limits.requestsPerMinute = 10;
    caller.refill(1);
    expect(drain(allowance)).toBe(10);
  });

  it('is full at once when its limit is switched on', () => {
    const limits = { requestsPerMinute: 0, burstSize: 0 };
    const caller = new Caller(limits, 0);
    drain(caller.allowance);
    limits.requestsPerMinute = 10;
    caller.refill(1);
    expect(drain(caller.allowance)).toBe(10);
  });

  it('takes a request back that was another’s', () => {
    const { allowance } = new Caller({ requestsPerMinute: 3, burstSize: 1 });
    allowance.take();
    allowance.putBack();
    allowance.putBack();
    expect([allowance.remaining, allowance.hasOne]).toEqual([3, true]);
  });

  it('does not go back in time', () => {
    const caller = new Caller(LIMITS, 1_000);
    const { allowance } = caller;
    drain(allowance);
    caller.refill(500);
    expect(drain(allowance)).toBe(0);
  });

  it('loses its patience with refusals, and finds it again', () => {
    const caller = new Caller({ requestsPerMinute: 2, burstSize: 0 }, 0);
    const { allowance } = caller;
    allowance.tryPatience();
    expect(allowance.isPatient).toBe(true);
    allowance.tryPatience();
    expect(allowance.isPatient).toBe(false);
    caller.refill(30_000);
    expect(allowance.isPatient).toBe(true);
  });

  it('has endless patience where nothing is limited', () => {
    const caller = new Caller({ requestsPerMinute: 0, burstSize: 0 }, 0);
    const { allowance } = caller;
    allowance.tryPatience();
    expect(allowance.isPatient).toBe(true);
  });
});
