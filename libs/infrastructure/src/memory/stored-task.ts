import type { HistoryEntry } from '@task/application';
import type { Task } from '@task/domain';

/** A task, and what only the store knows of it. */
export interface StoredTask {
  /** Order of arrival, from 1. */
  readonly seq: number;
  readonly task: Task;
  /** The work directory, normalised. */
  readonly directory: string | null;
  /** Oldest first. */
  readonly history: readonly HistoryEntry[];
}
