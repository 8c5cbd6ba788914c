import { PRIORITY_BANDS, TASK_RULES, TASK_STATUSES, type PriorityBand, type TaskStatus } from '@task/domain';
import { COUNT, Shows, ShowsParts, TIME } from '../../shared/docs/shows';

const SECONDS = { type: 'number', minimum: 0 } as const;
const SHARE = { type: 'number', minimum: 0, maximum: 1 } as const;

/** All tasks, in figures. */
export class StatisticsOverview {
  @Shows(COUNT, { description: 'Tasks there are' })
  declare readonly total_tasks: number;
  @Shows(COUNT, { description: 'Of them, completed' })
  declare readonly completed_tasks: number;
  @Shows(COUNT, { description: 'Of them, failed' })
  declare readonly failed_tasks: number;
  @Shows(COUNT, { description: 'Of them, cancelled' })
  declare readonly cancelled_tasks: number;
  @Shows(COUNT, { description: 'Of them, waiting or working' })
  declare readonly active_tasks: number;
  @Shows(SHARE, {
    description: 'Completed, of those that are completed, failed or cancelled; null before the first',
    nullable: true,
  })
  declare readonly success_rate: number | null;
  @Shows(SHARE, { description: 'Failed, of the same; null before the first', nullable: true })
  declare readonly error_rate: number | null;
}

/** All tasks by status. */
export class StatusDistribution implements Record<TaskStatus, number> {
  @Shows(COUNT, { description: 'Tasks that wait for a worker' })
  declare readonly waiting: number;
  @Shows(COUNT, { description: 'Tasks that a worker holds' })
  declare readonly working: number;
  @Shows(COUNT, { description: 'Tasks that ended well' })
  declare readonly completed: number;
  @Shows(COUNT, { description: 'Tasks that failed' })
  declare readonly failed: number;
  @Shows(COUNT, { description: 'Tasks that were given up' })
  declare readonly cancelled: number;
}

/** All tasks by the name of their priority. */
export class PriorityDistribution implements Record<PriorityBand, number> {
  @Shows(COUNT, { description: 'Priorities 1 to 3' })
  declare readonly low: number;
  @Shows(COUNT, { description: 'Priorities 4 to 6' })
  declare readonly medium: number;
  @Shows(COUNT, { description: 'Priorities 7 to 10' })
  declare readonly high: number;
}

/** How long tasks take, from their claim to their completion, in seconds. */
export class ProcessingTimes {
  @Shows(SECONDS, { description: 'On average; null of none', nullable: true })
  declare readonly avg_processing_time: number | null;
  @Shows(SECONDS, { description: 'Half of them took no longer, within 1 %; null of none', nullable: true })
  declare readonly p50_processing_time: number | null;
  @Shows(SECONDS, { description: '95 % of them took no longer, within 1 %; null of none', nullable: true })
  declare readonly p95_processing_time: number | null;
  @Shows(SECONDS, { description: '99 % of them took no longer, within 1 %; null of none', nullable: true })
  declare readonly p99_processing_time: number | null;
}

/** How fast tasks were processed within the period. */
export class PerformanceMetrics extends ProcessingTimes {
  @Shows(SECONDS, { description: 'Tasks completed in an hour of the period, on average' })
  declare readonly tasks_per_hour: number;
}

/** The tasks of one type, of all times. */
export class TypeStatistics extends ProcessingTimes {
  @Shows(TASK_RULES.taskType, { description: 'The type' })
  declare readonly task_type: string;
  @Shows(COUNT, { description: 'Its tasks' })
  declare readonly total_tasks: number;
  @ShowsParts(StatusDistribution, { description: 'The same by status' })
  declare readonly status_distribution: StatusDistribution;
}

/** What happened within a minute, an hour or a day. */
export class TimeSeriesPoint {
  @Shows(TIME, { description: 'Its beginning, at a full minute, hour or day of UTC' })
  declare readonly timestamp: string;
  @Shows(COUNT, { description: 'Tasks that were created' })
  declare readonly tasks_created: number;
  @Shows(COUNT, { description: 'Tasks that were completed' })
  declare readonly tasks_completed: number;
  @Shows(COUNT, { description: 'The same' })
  declare readonly completed: number;
  @Shows(COUNT, { description: 'Times that a task ended as failed' })
  declare readonly failed: number;
  @Shows(SECONDS, {
    description: 'From claim to completion, on average; null when none was completed',
    nullable: true,
  })
  declare readonly avg_response_time: number | null;
}

/** How the queue is doing. */
export class StatisticsView {
  @ShowsParts(StatisticsOverview, { description: 'All tasks, whatever the period' })
  declare readonly overview: StatisticsOverview;
  @ShowsParts(StatusDistribution, { description: `All tasks by status: ${TASK_STATUSES.join(', ')}` })
  declare readonly status_distribution: StatusDistribution;
  @ShowsParts(PriorityDistribution, { description: `All tasks by priority: ${PRIORITY_BANDS.join(', ')}` })
  declare readonly priority_distribution: PriorityDistribution;
  @ShowsParts(PerformanceMetrics, { description: 'What was completed within the period' })
  declare readonly performance_metrics: PerformanceMetrics;
  @ShowsParts([TypeStatistics], { description: 'The 20 types with the most tasks, whatever the period' })
  declare readonly task_types: readonly TypeStatistics[];
  @ShowsParts([TimeSeriesPoint], {
    description:
      'What happened within the period, oldest first, without a gap; the first and the last point may be cut',
  })
  declare readonly time_series: readonly TimeSeriesPoint[];
}
