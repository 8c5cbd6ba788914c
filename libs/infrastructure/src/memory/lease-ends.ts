import { Task, type EpochMs } from '@task/domain';
import type { StoredTask } from './stored-task';

/** Tasks whose worker's time is over, earliest first. */
export function overdueAt(now: EpochMs, tasks: readonly StoredTask[]): StoredTask[] {
  return tasks
    .filter(({ task }) => endOf(task) <= now)
    .sort((left, right) => endOf(left.task) - endOf(right.task));
}

/** The task with its lease moved along with a clock that was set, unless it was renewed by the new time already. */
export function withShiftedLease(task: Task, byMs: number, now: EpochMs): Task {
  const { lease } = task.state;
  if (lease === null || lease.endedBy !== null) return task;
  const renewedAt = lease.expiresAt - lease.lengthMs;
  if (byMs > 0 ? renewedAt > now - byMs : renewedAt <= now) return task;
  const { expiresAt, timeoutAt } = lease;
  const moved = {
    ...lease,
    expiresAt: expiresAt + byMs,
    timeoutAt: timeoutAt === null ? null : timeoutAt + byMs,
  };
  return new Task({ ...task.state, lease: moved });
}

function endOf({ state }: Task): EpochMs {
  if (state.status !== 'working' || state.lease === null) return Infinity;
  return Math.min(state.lease.expiresAt, state.lease.timeoutAt ?? Infinity);
}
