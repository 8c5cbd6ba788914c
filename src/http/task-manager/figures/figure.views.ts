import { TASK_RULES } from '@task/domain';
import { COUNT, Shows, ShowsParts, TEXT, TIME, UUID } from '../../shared/docs/shows';
import { CONDITION, type Condition } from '../../system/health.view';

const AMOUNT = { type: 'number', minimum: 0 } as const;
const BREAKDOWN = { type: 'object' } as const;

/** How a worker is doing: seen lately, with or without a task, or not seen lately. */
export const WORKER_STATUSES = ['busy', 'idle', 'offline'] as const;

/** How many tasks there are, and how those that are done went. */
export class TaskStatistics {
  @Shows(COUNT, { description: 'All tasks' })
  declare readonly total_tasks: number;
  @Shows(COUNT, { description: 'Tasks that wait' })
  declare readonly queued_tasks: number;
  @Shows(COUNT, { description: 'Tasks that are worked on' })
  declare readonly processing_tasks: number;
  @Shows(COUNT, { description: 'Tasks that ended well' })
  declare readonly completed_tasks: number;
  @Shows(COUNT, { description: 'Tasks that failed' })
  declare readonly failed_tasks: number;
  @Shows(AMOUNT, { description: 'Seconds from claim to completion on average; 0 before the first' })
  declare readonly avg_process_time: number;
  @Shows(AMOUNT, { description: 'Completed tasks in percent of all' })
  declare readonly success_rate: number;
  @Shows(BREAKDOWN, { description: 'Tasks in each status' })
  declare readonly status_breakdown: Readonly<Record<string, number>>;
  @Shows(BREAKDOWN, { description: 'Tasks of each type, most first' })
  declare readonly type_breakdown: Readonly<Record<string, number>>;
}

/** What is known of a worker. */
export class WorkerInfo {
  @Shows(TASK_RULES.workerId, { description: 'Its name' })
  declare readonly id: string;
  @Shows(
    { type: 'string', enum: WORKER_STATUSES },
    { description: 'Seen lately with a task (busy) or without (idle), or not seen lately (offline)' },
  )
  declare readonly status: (typeof WORKER_STATUSES)[number];
  @Shows(UUID, { description: 'The task that it has held longest; null when it holds none', nullable: true })
  declare readonly current_task_id: string | null;
  @Shows(COUNT, { description: 'Attempts that it ended, or that were taken from it' })
  declare readonly tasks_processed: number;
  @Shows(COUNT, { description: 'Tasks that it completed' })
  declare readonly tasks_succeeded: number;
  @Shows(COUNT, { description: 'Attempts that failed, expired or timed out' })
  declare readonly tasks_failed: number;
  @Shows(TIME, { description: 'When it was last seen' })
  declare readonly last_heartbeat: string;
  @Shows(TIME, { description: 'When it was first seen' })
  declare readonly started_at: string;
  @Shows(AMOUNT, { description: 'Seconds from claim to completion on average; 0 before the first' })
  declare readonly average_task_time: number;
}

/** How the queue is doing, and who works on it. */
export class SystemStatistics {
  @Shows(COUNT, { description: 'Workers that were ever seen' })
  declare readonly total_workers: number;
  @Shows(COUNT, { description: 'Workers that were seen lately' })
  declare readonly active_workers: number;
  @Shows(COUNT, { description: 'Of those, the ones without a task' })
  declare readonly idle_workers: number;
  @Shows(COUNT, { description: 'Of those, the ones with a task' })
  declare readonly busy_workers: number;
  @Shows(COUNT, { description: 'Tasks that wait' })
  declare readonly queue_size: number;
  @Shows(AMOUNT, { description: 'Tasks completed a minute, over the last five' })
  declare readonly processing_rate: number;
  @ShowsParts([WorkerInfo], { description: 'The workers, last seen first, 1 000 at most' })
  declare readonly workers: readonly WorkerInfo[];
  @ShowsParts(TaskStatistics, { description: 'Of all tasks' })
  declare readonly task_stats: TaskStatistics;
}

/** A part of the queue. */
export class QueueInfo {
  @Shows(COUNT, { description: 'Tasks that wait in it' })
  declare readonly queue_size: number;
  @Shows(TEXT, { description: 'Its name, after its priority' })
  declare readonly queue_key: string;
}

/** How a part of the service is. */
export class PartHealth {
  @Shows(CONDITION, { description: 'How it is' })
  declare readonly status: Condition;
}

/** How the queue is. */
export class QueueHealth extends PartHealth {
  @Shows(COUNT, { description: 'Tasks that wait; null when nobody can tell', nullable: true })
  declare readonly size: number | null;
}

/** The parts that there are. */
export class HealthDetails {
  @ShowsParts(PartHealth, { description: 'Whether the database answers' })
  declare readonly database: PartHealth;
  @ShowsParts(QueueHealth, { description: 'Whether tasks can be filed, claimed and finished' })
  declare readonly queue: QueueHealth;
}

/** How the service is. */
export class ServiceHealth {
  @Shows(CONDITION, { description: 'How it is' })
  declare readonly status: Condition;
  @Shows(TEXT, { description: 'Which service this is' })
  declare readonly service: string;
  @Shows(TEXT, { description: 'Its version' })
  declare readonly version: string;
  @ShowsParts(HealthDetails, { description: 'Its parts' })
  declare readonly details: HealthDetails;
}
