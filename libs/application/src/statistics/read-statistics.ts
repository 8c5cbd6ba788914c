import { TASK_STATUSES, bandOf, PRIORITY_BANDS, type PriorityBand, type TaskStatus } from '@task/domain';
import type { MemoryGuard } from '../health/memory-guard';
import type { Clock } from '../ports/clock';
import type { Statistics, TaskCount, TypeCount } from '../ports/statistics';
import { percentileOf } from './percentile';
import {
  DEFAULT_PERIOD,
  granularityFor,
  hoursOf,
  resolutionOf,
  seriesOf,
  spanOf,
  sumOf,
  type Granularity,
  type Period,
  type TimePoint,
} from './time-series';

/** How far back to look, and how finely. */
export interface ReadStatisticsInput {
  readonly period?: Period | undefined;
  readonly granularity?: Granularity | undefined;
}

/** How fast tasks were processed; in milliseconds, null of none. */
export interface ProcessingFigures {
  readonly meanMs: number | null;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}

/** The tasks of a type, and how long they took. */
export interface TypeFigures extends TypeCount, ProcessingFigures {}

/** How the queue is doing. */
export interface StatisticsReport {
  /** All tasks there are. */
  readonly total: number;
  readonly byStatus: Readonly<Record<TaskStatus, number>>;
  readonly byPriority: Readonly<Record<PriorityBand, number>>;
  /** Of the tasks completed within the period. */
  readonly processing: ProcessingFigures & { readonly tasksPerHour: number };
  /** The types with the most tasks. */
  readonly types: readonly TypeFigures[];
  /** Without a gap, oldest first. */
  readonly series: readonly TimePoint[];
}

/** Types that are told. */
const MOST_TYPES = 20;

/** Reads how the queue is doing, from counters: cheap at any number of tasks. Source: behaviour.md 6. */
export class ReadStatistics {
  constructor(
    private readonly statistics: Statistics,
    private readonly clock: Clock,
    private readonly memory: MemoryGuard,
  ) {}

  /** @throws InvalidTask when the granularity makes too many points of the period; QueueOverloaded while memory is short */
  async execute({ period = DEFAULT_PERIOD, granularity }: ReadStatisticsInput): Promise<StatisticsReport> {
    this.memory.admit();
    const fineness = granularityFor(period, granularity);
    const span = spanOf(period, this.clock.now());
    const counts = await this.statistics.counts();
    const moments = await this.statistics.moments(resolutionOf(period), span);
    const { completed, processingMs } = sumOf(moments);
    return {
      total: counts.reduce((sum, { tasks }) => sum + tasks, 0),
      byStatus: tally(TASK_STATUSES, counts, ({ status }) => status),
      byPriority: tally(PRIORITY_BANDS, counts, ({ priority }) => bandOf(priority)),
      processing: {
        ...figuresOf(await this.statistics.durationsWithin(span), completed, processingMs),
        tasksPerHour: completed / hoursOf(period),
      },
      types: await this.types(),
      series: seriesOf(moments, span, fineness),
    };
  }

  private async types(): Promise<readonly TypeFigures[]> {
    const types = await this.statistics.types({}, MOST_TYPES);
    const figures: TypeFigures[] = [];
    for (const type of types) {
      const durations = await this.statistics.durationsOf(type.taskType);
      figures.push({ ...type, ...figuresOf(durations, type.tasks.completed, type.processingMs) });
    }
    return figures;
  }
}

function figuresOf(
  durations: Parameters<typeof percentileOf>[0],
  completed: number,
  processingMs: number,
): ProcessingFigures {
  return {
    meanMs: completed === 0 ? null : processingMs / completed,
    p50Ms: percentileOf(durations, 0.5),
    p95Ms: percentileOf(durations, 0.95),
    p99Ms: percentileOf(durations, 0.99),
  };
}

function tally<Name extends string>(
  names: readonly Name[],
  counts: readonly TaskCount[],
  nameOf: (count: TaskCount) => Name,
): Readonly<Record<Name, number>> {
  const sums = Object.fromEntries(names.map((name) => [name, 0])) as Record<Name, number>;
  for (const count of counts) sums[nameOf(count)] += count.tasks;
  return sums;
}
