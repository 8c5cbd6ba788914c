import type { Duration } from '../ports/statistics';

/**
 * The duration that a share of all does not exceed, by nearest rank; null of none.
 * @param durations shortest first
 * @param share     above 0, up to 1
 */
export function percentileOf(durations: readonly Duration[], share: number): number | null {
  const all = durations.reduce((sum, { tasks }) => sum + tasks, 0);
  const rank = Math.ceil(all * share);
  let passed = 0;
  for (const { ms, tasks } of durations) {
    passed += tasks;
    if (passed >= rank) return ms;
  }
  return null;
}
