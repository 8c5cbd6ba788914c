import { Task } from './task';
import type { TaskState } from './task-state';

const KEPT = [
  'status',
  'gate',
  'availableAt',
  'lease',
  'retryCount',
  'lastRetryAt',
  'cancelReason',
  'updatedAt',
  'updatedBy',
  'startedAt',
  'completedAt',
  'cancelledAt',
  'version',
] as const satisfies readonly (keyof TaskState)[];

/** What a command made of a task, without its texts: enough to tell its outcome again later. Plain JSON. */
export type TaskSnapshot = Pick<TaskState, (typeof KEPT)[number]>;

/** What has to be kept to tell a command's outcome again. */
export function snapshotOf({ state }: Task): TaskSnapshot {
  return Object.fromEntries(KEPT.map((key) => [key, state[key]])) as unknown as TaskSnapshot;
}

/** The task as it was when the snapshot was taken; its texts are those of today. */
export function asOf(task: Task, snapshot: TaskSnapshot): Task {
  return new Task({ ...task.state, ...snapshot });
}

/** Whether the lease that a task had when the snapshot was taken is held still. @param task as it is now; undefined for one that is gone */
export function holdsStill(task: Task | undefined, { lease: was }: TaskSnapshot): boolean {
  const lease = task?.state.lease;
  return lease?.endedBy === null && lease.token === was?.token;
}
