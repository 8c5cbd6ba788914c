import type { Task } from '@task/domain';
import type { Call } from '../call';
import type { TaskStore } from '../ports/task-store';

/** Puts a failed task back into the queue. */
export class RetryTask {
  constructor(private readonly tasks: TaskStore) {}

  execute({ taskId }: { readonly taskId: string }, { actor, signal, idempotency }: Call): Promise<Task> {
    return this.tasks.update(taskId, (task, now) => task.retry(actor, now), signal, idempotency);
  }
}
