import type { SystemFigures, TaskFigures, WorkerRecord } from '@task/application';
import type { EpochMs, TaskStatus } from '@task/domain';
import { iso } from '../../shared/views/format';
import { statusNameOf } from '../status-names';
import type { SystemStatistics, TaskStatistics, WorkerInfo } from './figure.views';

/** How many tasks there are, and how those that are done went. */
export function taskStatistics({ total, byStatus, byType, meanMs }: TaskFigures): TaskStatistics {
  const statuses = Object.entries(byStatus).map(([status, tasks]) => [
    statusNameOf(status as TaskStatus),
    tasks,
  ]);
  return {
    total_tasks: total,
    queued_tasks: byStatus.waiting,
    processing_tasks: byStatus.working,
    completed_tasks: byStatus.completed,
    failed_tasks: byStatus.failed,
    avg_process_time: seconds(meanMs ?? 0),
    success_rate: total === 0 ? 0 : rounded((byStatus.completed / total) * 100, 2),
    status_breakdown: Object.fromEntries(statuses) as Record<string, number>,
    type_breakdown: Object.fromEntries(byType.map(({ taskType, tasks }) => [taskType, tasks])),
  };
}

/** How the queue is doing, and who works on it. */
export function systemStatistics(figures: SystemFigures): SystemStatistics {
  const { counts, workers, completedPerMinute, tasks, aliveSince } = figures;
  return {
    total_workers: counts.known,
    active_workers: counts.alive,
    idle_workers: counts.alive - counts.busy,
    busy_workers: counts.busy,
    queue_size: tasks.byStatus.waiting,
    processing_rate: rounded(completedPerMinute, 2),
    workers: workers.map((worker) => workerInfo(worker, aliveSince)),
    task_stats: taskStatistics(tasks),
  };
}

function workerInfo(record: WorkerRecord, aliveSince: EpochMs): WorkerInfo {
  const { completed, processingMs, holds } = record;
  const unsuccessful = record.failed + record.lost;
  return {
    id: record.workerId,
    status: record.lastSeen < aliveSince ? 'offline' : holds.length > 0 ? 'busy' : 'idle',
    current_task_id: holds[0]?.taskId ?? null,
    tasks_processed: completed + unsuccessful,
    tasks_succeeded: completed,
    tasks_failed: unsuccessful,
    last_heartbeat: iso(record.lastSeen),
    started_at: iso(record.firstSeen),
    average_task_time: completed === 0 ? 0 : seconds(processingMs / completed),
  };
}

function seconds(ms: number): number {
  return rounded(ms / 1000, 3);
}

function rounded(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
