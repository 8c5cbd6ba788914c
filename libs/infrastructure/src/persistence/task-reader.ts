import type { ClaimFilter, HistoryEntry, StatusCounts, TaskPage, TaskPageRequest } from '@task/application';
import type { EpochMs, Task } from '@task/domain';

/** What is read outside of any transaction: committed tasks only. */
export interface TaskReader {
  /** @param id a UUID in lower case */
  find(id: string): Promise<Task | null>;
  /** @param id a UUID in lower case */
  history(id: string): Promise<readonly HistoryEntry[] | null>;
  list(request: TaskPageRequest): Promise<TaskPage>;
  nextDueAt(): Promise<EpochMs | null>;
  anyReady(filter: ClaimFilter): Promise<boolean>;
  /** @param id a UUID in lower case */
  placeInLine(id: string): Promise<number>;
  countByStatus(): Promise<StatusCounts>;
  ping(): Promise<void>;
}
