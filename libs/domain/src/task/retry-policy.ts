/** How long a task that retries itself waits between its attempts. */
export interface RetryPolicy {
  /** The first wait, before jitter, in milliseconds. */
  readonly baseMs: number;
  /** The longest wait, in milliseconds. */
  readonly capMs: number;
  /** Uniform in [0, 1): the jitter, so that tasks that failed together do not come back together. */
  readonly random: () => number;
}

/**
 * The wait before the next attempt: x = min(cap, base · 2^retryCount), drawn uniformly from [x/2, x].
 * @param retryCount retries made so far, from 0
 * @returns whole milliseconds. Source: behaviour.md 4.
 */
export function backoffMs(policy: RetryPolicy, retryCount: number): number {
  const x = Math.min(policy.capMs, policy.baseMs * 2 ** retryCount);
  return Math.round(x / 2 + (x / 2) * policy.random());
}
