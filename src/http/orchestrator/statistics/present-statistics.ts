import type { ProcessingFigures, StatisticsReport, TimePoint, TypeFigures } from '@task/application';
import type { TaskStatus } from '@task/domain';
import { iso } from '../../shared/views/format';
import type {
  ProcessingTimes,
  StatisticsOverview,
  StatisticsView,
  TimeSeriesPoint,
  TypeStatistics,
} from './statistics.views';

/** How the queue is doing, as it is told. */
export function statisticsView(report: StatisticsReport): StatisticsView {
  const { byStatus, byPriority, processing, types, series } = report;
  return {
    overview: overview(report.total, byStatus),
    status_distribution: byStatus,
    priority_distribution: byPriority,
    performance_metrics: { ...processingTimes(processing), tasks_per_hour: rounded(processing.tasksPerHour) },
    task_types: types.map(typeStatistics),
    time_series: series.map(seriesPoint),
  };
}

function overview(total: number, byStatus: Readonly<Record<TaskStatus, number>>): StatisticsOverview {
  const { completed, failed, cancelled, waiting, working } = byStatus;
  const ended = completed + failed + cancelled;
  return {
    total_tasks: total,
    completed_tasks: completed,
    failed_tasks: failed,
    cancelled_tasks: cancelled,
    active_tasks: waiting + working,
    success_rate: ended === 0 ? null : rounded(completed / ended),
    error_rate: ended === 0 ? null : rounded(failed / ended),
  };
}

/** Plain, so that it can be spread. */
type Times = Pick<ProcessingTimes, keyof ProcessingTimes>;

function processingTimes({ meanMs, p50Ms, p95Ms, p99Ms }: ProcessingFigures): Times {
  return {
    avg_processing_time: secondsOrNull(meanMs),
    p50_processing_time: secondsOrNull(p50Ms),
    p95_processing_time: secondsOrNull(p95Ms),
    p99_processing_time: secondsOrNull(p99Ms),
  };
}

function typeStatistics({ taskType, tasks, ...figures }: TypeFigures): TypeStatistics {
  return {
    task_type: taskType,
    total_tasks: Object.values(tasks).reduce((sum, count) => sum + count, 0),
    status_distribution: tasks,
    ...processingTimes(figures),
  };
}

function seriesPoint({ at, created, completed, failed, processingMs }: TimePoint): TimeSeriesPoint {
  return {
    timestamp: iso(at),
    tasks_created: created,
    tasks_completed: completed,
    completed,
    failed,
    avg_response_time: completed === 0 ? null : rounded(processingMs / completed / 1000),
  };
}

function secondsOrNull(ms: number | null): number | null {
  return ms === null ? null : rounded(ms / 1000);
}

/** Four decimals: of seconds, a tenth of a millisecond. */
function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
