import { TaskNotFound, type Task } from '@task/domain';
import type { TaskStore } from '../ports/task-store';

/** Reads one task. */
export class GetTask {
  constructor(private readonly tasks: TaskStore) {}

  /** @throws TaskNotFound, also for text that is no UUID */
  async execute({ taskId }: { readonly taskId: string }): Promise<Task> {
    const task = await this.tasks.find(taskId);
    if (task === null) throw new TaskNotFound(taskId);
    return task;
  }
}
