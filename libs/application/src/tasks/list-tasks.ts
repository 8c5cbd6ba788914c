import type { MemoryGuard } from '../health/memory-guard';
import type { TaskPage, TaskStore } from '../ports/task-store';
import { decodeCursor, encodeCursor } from './cursor';
import type { TaskFilter, TaskSort } from './task-query';

/** Which tasks to list, in what order, and which page of them. */
export interface ListTasksInput {
  readonly filter: TaskFilter;
  readonly sort: TaskSort;
  /** 1–1000. */
  readonly limit: number;
  /** Skips so many; costs as much as reading them. Ignored with a cursor. */
  readonly offset: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
}

/** A page, and how to get the next one. */
export interface ListedTasks extends Omit<TaskPage, 'next'> {
  readonly nextCursor: string | null;
}

/** Lists tasks page by page. */
export class ListTasks {
  constructor(
    private readonly tasks: TaskStore,
    private readonly memory: MemoryGuard,
  ) {}

  /** @throws InvalidTask when the cursor belongs to another list; QueueOverloaded while memory is short */
  async execute({ filter, sort, limit, offset, cursor }: ListTasksInput): Promise<ListedTasks> {
    this.memory.admit();
    const after = cursor === undefined ? null : decodeCursor(cursor, filter, sort);
    const { next, ...page } = await this.tasks.list({
      filter,
      sort,
      limit,
      offset: after ? 0 : offset,
      after,
    });
    return { ...page, nextCursor: next === null ? null : encodeCursor(next, filter, sort) };
  }
}
