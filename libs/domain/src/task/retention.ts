import type { EpochMs } from './epoch-ms';
import type { TaskState } from './task-state';
import type { TaskStatus } from './task-status';

/** Where a task is that nobody works on, or will without being asked. */
const ENDED: readonly TaskStatus[] = ['completed', 'failed', 'cancelled'];

/** Whether a task has ended: completed, failed or cancelled. */
export function hasEnded(status: TaskStatus): boolean {
  return ENDED.includes(status);
}

/**
 * How long tasks that have ended stay among the others; after that they are archived. Source: behaviour.md 10,
 * `RETENTION_DAYS`.
 */
export class Retention {
  /** @param keptMs how long, counted from the end of a task */
  constructor(private readonly keptMs: number) {}

  /** What ended then or earlier is archived. */
  cutoff(now: EpochMs): EpochMs {
    return now - this.keptMs;
  }

  /** Whether the time of a task is over. What a task ended with was its last change. */
  isOver({ status, updatedAt }: Pick<TaskState, 'status' | 'updatedAt'>, now: EpochMs): boolean {
    return hasEnded(status) && updatedAt <= this.cutoff(now);
  }
}
