import type { EpochMs } from '../task/epoch-ms';
import type { TaskState } from '../task/task-state';

/** What is known about how long work takes. */
export interface Pace {
  /** Mean time from claim to completion of the task's type, in milliseconds; null before the first. */
  readonly meanMs: number | null;
  /** Workers that were seen lately. */
  readonly workersAlive: number;
}

/**
 * When a task is expected to be completed, or null when nothing is known: no task of its type was completed yet, nobody
 * is there to work on it, or it has ended.
 *
 * A task that is worked on takes as long as its type does on average, and one that takes longer is expected at any
 * moment. One that waits is behind the others of the line, of which the workers alive take one each at a time.
 * @param placeInLine 1 for the next to be claimed, 0 when it cannot be claimed now. Source: behaviour.md 7.
 */
export function estimatedCompletion(
  task: Pick<TaskState, 'status' | 'startedAt' | 'availableAt'>,
  placeInLine: number,
  pace: Pace,
  now: EpochMs,
): EpochMs | null {
  const { status, startedAt, availableAt } = task;
  const { meanMs, workersAlive } = pace;
  if (meanMs === null) return null;
  if (status === 'working') return Math.max(now, Math.round((startedAt ?? now) + meanMs));
  if (status !== 'waiting' || workersAlive === 0) return null;
  const begins = Math.max(now, availableAt ?? now);
  const rounds = Math.max(1, Math.ceil(placeInLine / workersAlive));
  return begins + Math.round(rounds * meanMs);
}
