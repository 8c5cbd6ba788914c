import type { TaskStore } from '../ports/task-store';
import type { TaskFilter } from './task-query';

/** How many tasks match. */
export interface CountedTasks {
  /** Exact where counters hold it; otherwise counted up to 10 000. */
  readonly total: number;
  /** Whether counting stopped there. */
  readonly totalCapped: boolean;
}

/** Counts tasks without reading any, so that it goes on while memory is short. */
export class CountTasks {
  constructor(private readonly tasks: TaskStore) {}

  /** @throws StoreUnavailable */
  async execute(filter: TaskFilter): Promise<CountedTasks> {
    const sort = { by: 'created_at', order: 'asc' } as const;
    const { total, totalCapped } = await this.tasks.list({ filter, sort, limit: 0, offset: 0, after: null });
    return { total, totalCapped };
  }
}
