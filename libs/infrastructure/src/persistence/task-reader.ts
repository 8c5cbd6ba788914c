import type { HistoryEntry, StatusCounts, TaskPage, TaskPageRequest } from '@task/application';
import type { Task } from '@task/domain';

/** What is read outside of any transaction: committed tasks only. */
export interface TaskReader {
  /** @param id a UUID in lower case */
  find(id: string): Promise<Task | null>;
  /** @param id a UUID in lower case */
  history(id: string): Promise<readonly HistoryEntry[] | null>;
  list(request: TaskPageRequest): Promise<TaskPage>;
  countByStatus(): Promise<StatusCounts>;
  ping(): Promise<void>;
}
