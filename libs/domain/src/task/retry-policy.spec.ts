import { backoffMs, type RetryPolicy } from './retry-policy';

const policy = (random: number): RetryPolicy => ({ baseMs: 5_000, capMs: 900_000, random: () => random });

describe('backoffMs', () => {
  it.each([
    [0, 2_500, 5_000],
    [1, 5_000, 10_000],
    [4, 40_000, 80_000],
    [8, 450_000, 900_000],
    [100, 450_000, 900_000],
    [2_000, 450_000, 900_000],
  ])('after %d retries lies between %d and %d ms', (retryCount, least, most) => {
    expect(backoffMs(policy(0), retryCount)).toBe(least);
    expect(backoffMs(policy(1 - Number.EPSILON), retryCount)).toBe(most);
  });

  it('is whole milliseconds', () => {
    expect(backoffMs(policy(1 / 3), 0)).toBe(3_333);
  });
});
