import { Task, type EpochMs } from '@task/domain';
import type { StoredTask } from './stored-task';

/** Tasks whose worker's time is over, earliest first. */
export function overdueAt(now: EpochMs, tasks: readonly StoredTask[]): StoredTask[] {
  return tasks
    .filter(({ task }) => endOf(task) <= now)
    .sort((left, right) => endOf(left.task) - endOf(right.task));
}

/** A clock that was set. */
export interface ClockJump {
  /** Forward if positive. */
  readonly byMs: number;
  /** The time after it. */
  readonly now: EpochMs;
  /** How long ago it was at most. */
  readonly withinMs: number;
}

/** The task with what is left of its lease and of its time as it was before the clock was set. */
export function withShiftedLease(task: Task, jump: ClockJump): Task {
  const { lease, timeoutSeconds } = task.state;
  if (lease !== null && lease.slotUntil !== null) {
    const slotUntil = lease.slotUntil + shiftOf(lease.slotUntil - lease.lengthMs, jump);
    return new Task({ ...task.state, lease: { ...lease, slotUntil } });
  }
  if (lease?.endedBy !== null) return task;
  const { expiresAt, timeoutAt, lengthMs } = lease;
  const timeoutMs = (timeoutSeconds ?? 0) * 1000;
  const moved = {
    ...lease,
    expiresAt: expiresAt + shiftOf(expiresAt - lengthMs, jump),
    timeoutAt: timeoutAt === null ? null : timeoutAt + shiftOf(timeoutAt - timeoutMs, jump),
  };
  return new Task({ ...task.state, lease: moved });
}

/** What began before the clock was set moves along; what began after it is right already. */
function shiftOf(begunAt: EpochMs, { byMs, now, withinMs }: ClockJump): number {
  const isOld = byMs > 0 ? begunAt <= now - byMs : begunAt > now || begunAt < now - withinMs;
  return isOld ? byMs : 0;
}

function endOf({ state }: Task): EpochMs {
  const { lease, status } = state;
  if (lease === null) return Infinity;
  if (lease.slotUntil !== null) return lease.slotUntil;
  return status === 'working' ? Math.min(lease.expiresAt, lease.timeoutAt ?? Infinity) : Infinity;
}
