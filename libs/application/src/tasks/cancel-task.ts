import type { Task } from '@task/domain';
import type { Call } from '../call';
import type { TaskStore } from '../ports/task-store';

/** Which task to give up, and why. */
export interface CancelTaskInput {
  readonly taskId: string;
  readonly reason?: string | undefined;
  /** Takes working and failed tasks too; default false. */
  readonly force?: boolean | undefined;
}

/** Gives a task up. */
export class CancelTask {
  constructor(private readonly tasks: TaskStore) {}

  execute(
    { taskId, reason = '', force = false }: CancelTaskInput,
    { actor, signal, idempotency }: Call,
  ): Promise<Task> {
    return this.tasks.update(
      taskId,
      (task, now) => task.cancel(reason || null, force, actor, now),
      signal,
      idempotency,
    );
  }
}
