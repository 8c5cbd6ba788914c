import { TaskNotFound } from '@task/domain';
import type { HistoryEntry, TaskStore } from '../ports/task-store';

/** Reads what happened to one task, oldest first. */
export class GetTaskHistory {
  constructor(private readonly tasks: TaskStore) {}

  /** @throws TaskNotFound, also for text that is no UUID */
  async execute({ taskId }: { readonly taskId: string }): Promise<readonly HistoryEntry[]> {
    const history = await this.tasks.history(taskId);
    if (history === null) throw new TaskNotFound(taskId);
    return history;
  }
}
