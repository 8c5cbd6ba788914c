import type { Task } from '@task/domain';
import type { Call } from '../call';
import type { TaskStore } from '../ports/task-store';

/** Which task to give up, and why. */
export interface CancelTaskInput {
  readonly taskId: string;
  readonly reason?: string | undefined;
  /** Takes working and failed tasks too; default false. */
  readonly force?: boolean | undefined;
  /** Takes every task that has not ended yet, and no failed one; goes before `force`. Default false. */
  readonly unfinished?: boolean | undefined;
}

/** Gives a task up. */
export class CancelTask {
  constructor(private readonly tasks: TaskStore) {}

  execute(
    { taskId, reason = '', force = false, unfinished = false }: CancelTaskInput,
    { actor, signal, idempotency }: Call,
  ): Promise<Task> {
    return this.tasks.update(
      taskId,
      (task, now) =>
        unfinished
          ? task.cancelUnfinished(reason || null, actor, now)
          : task.cancel(reason || null, force, actor, now),
      signal,
      idempotency,
    );
  }
}
