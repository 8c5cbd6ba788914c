import { backoffMs } from '@task/domain';
import fc from 'fast-check';

const policies = fc.record({
  baseMs: fc.integer({ min: 1, max: 3_600_000 }),
  capMs: fc.integer({ min: 1, max: 86_400_000 }),
  random: fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }).map((value) => () => value),
});
const retryCounts = fc.integer({ min: 0, max: 100 });

describe('the wait before a retry', () => {
  it('is whole milliseconds within [x/2, x], x = min(cap, base · 2^retries)', () => {
    fc.assert(
      fc.property(policies, retryCounts, (policy, retryCount) => {
        const x = Math.min(policy.capMs, policy.baseMs * 2 ** retryCount);
        const wait = backoffMs(policy, retryCount);
        expect(Number.isSafeInteger(wait)).toBe(true);
        expect(wait).toBeGreaterThanOrEqual(x / 2);
        expect(wait).toBeLessThanOrEqual(x);
      }),
    );
  });

  it('never gets shorter from one retry to the next, by the same draw', () => {
    fc.assert(
      fc.property(policies, retryCounts, (policy, retryCount) => {
        expect(backoffMs(policy, retryCount + 1)).toBeGreaterThanOrEqual(backoffMs(policy, retryCount));
      }),
    );
  });

  it('is spread over the whole of its range', () => {
    fc.assert(
      fc.property(policies, retryCounts, (policy, retryCount) => {
        const at = (random: number): number => backoffMs({ ...policy, random: () => random }, retryCount);
        const x = Math.min(policy.capMs, policy.baseMs * 2 ** retryCount);
        expect([at(0), at(0.5), at(1)]).toEqual([Math.round(x / 2), Math.round(x * 0.75), Math.round(x)]);
      }),
    );
  });
});
