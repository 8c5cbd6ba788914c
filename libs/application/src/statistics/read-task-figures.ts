import { TASK_STATUSES, type TaskStatus } from '@task/domain';
import type { MemoryGuard } from '../health/memory-guard';
import type { Statistics } from '../ports/statistics';

/** How many tasks there are, and how those that are done went. */
export interface TaskFigures {
  readonly total: number;
  readonly byStatus: Readonly<Record<TaskStatus, number>>;
  /** Tasks of each type, most first. */
  readonly byType: readonly { readonly taskType: string; readonly tasks: number }[];
  /** From claim to completion on average, in milliseconds; null before the first. */
  readonly meanMs: number | null;
}

/** More types than anybody names; what lies beyond is counted nowhere. */
const MOST_TYPES = 100_000;

/** Counts the tasks of one knowledge base, or all: from counters, cheap at any number of tasks. */
export class ReadTaskFigures {
  constructor(
    private readonly statistics: Statistics,
    private readonly memory: MemoryGuard,
  ) {}

  /** @throws QueueOverloaded while memory is short */
  async execute({ kbId }: { readonly kbId?: string | undefined }): Promise<TaskFigures> {
    this.memory.admit();
    const types = await this.statistics.types(kbId === undefined ? {} : { kbId }, MOST_TYPES);
    const count = (status: TaskStatus): number => types.reduce((sum, { tasks }) => sum + tasks[status], 0);
    const byStatus = Object.fromEntries(
      TASK_STATUSES.map((status) => [status, count(status)]),
    ) as TaskFigures['byStatus'];
    const processingMs = types.reduce((sum, type) => sum + type.processingMs, 0);
    return {
      total: totalOf(byStatus),
      byStatus,
      byType: types.map(({ taskType, tasks }) => ({ taskType, tasks: totalOf(tasks) })),
      meanMs: byStatus.completed === 0 ? null : processingMs / byStatus.completed,
    };
  }
}

function totalOf(counts: Readonly<Record<TaskStatus, number>>): number {
  return Object.values(counts).reduce((sum, tasks) => sum + tasks, 0);
}
