import { TASK_RULES, type TaskCommand, type TaskStatus } from '@task/domain';
import { COUNT, Shows, ShowsParts, TIME, UUID } from '../../shared/docs/shows';

/** What each command is called in the event log. */
export const EVENT_TYPES = {
  create: 'task.created',
  claim: 'task.claimed',
  complete: 'task.completed',
  fail: 'task.failed',
  cancel: 'task.cancelled',
  release: 'task.released',
  expire: 'task.expired',
  time_out: 'task.timed_out',
  retry: 'task.retried',
} as const satisfies Record<TaskCommand, string>;

/** One transition of a task. */
export class HistoryRow {
  @Shows(COUNT, { description: 'Without gaps over all tasks, in the order of commits' })
  declare readonly event_id: number;
  @Shows(UUID, { description: 'The task' })
  declare readonly task_id: string;
  @Shows(COUNT, { description: "The task's version after it" })
  declare readonly version: number;
  @Shows({ type: 'string', enum: Object.values(EVENT_TYPES) }, { description: 'What happened' })
  declare readonly type: (typeof EVENT_TYPES)[TaskCommand];
  @Shows(TASK_RULES.status, { description: 'Where it was before; null for its creation', nullable: true })
  declare readonly from: TaskStatus | null;
  @Shows(TASK_RULES.status, { description: 'Where it was after' })
  declare readonly to: TaskStatus;
  @Shows(TASK_RULES.workerId, { description: 'Its holder', nullable: true })
  declare readonly worker_id: string | null;
  @Shows(COUNT, { description: 'Claims made of it by then' })
  declare readonly attempt: number;
  @Shows(TIME, { description: 'When it happened' })
  declare readonly at: string;
  @Shows({ type: 'object' }, { description: 'What else there is to say: reason, retry', nullable: true })
  declare readonly details: object | null;
}

/** What happened to a task, oldest first. */
export class TaskHistory {
  @Shows(UUID, { description: 'The task' })
  declare readonly task_id: string;
  @ShowsParts([HistoryRow], { description: 'Its transitions, oldest first' })
  declare readonly history: readonly HistoryRow[];
}
