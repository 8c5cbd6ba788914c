import type { EpochMs } from './epoch-ms';
import type { Decision, Task } from './task';
import { TaskNotWorking } from './task.errors';

/** Gives up a task that has not ended yet: one that failed stays failed. @throws TaskNotWorking, TaskAlreadyFinal */
export function cancelUnfinished(task: Task, reason: string | null, actor: string, now: EpochMs): Decision {
  if (task.status === 'failed') throw new TaskNotWorking(task.id, task.status, 'cancel');
  return task.cancel(reason, true, actor, now);
}
