import {
  MISSED_POLICIES,
  SCHEDULE_RULES,
  TASK_RULES,
  type MissedPolicy,
  type PriorityBand,
} from '@task/domain';
import { FLAG, Shows, ShowsParts, TEXT, TIME, UUID } from '../../shared/docs/shows';
import { STATUS_OF, type WireCode } from '../failure-table';
import { Page } from '../views/task-list.view';

const optional = true;

/** What each task of a schedule is made of; what its creator left out is left out here. */
export class TaskTemplateView {
  @Shows(TASK_RULES.workDirectory, { description: 'Where the work is done', optional })
  declare readonly work_directory?: string | null;
  @Shows(TASK_RULES.prompt, { description: 'What is to be done', optional })
  declare readonly prompt?: string | null;
  @Shows(TASK_RULES.priorityBand, { description: 'Claimed first: high', optional })
  declare readonly priority?: PriorityBand;
  @Shows(TASK_RULES.tags, { description: 'Words to find it by', optional })
  declare readonly tags?: readonly string[];
  @Shows(TASK_RULES.taskType, { description: 'What kind of worker it is for', optional })
  declare readonly task_type?: string;
  @Shows(TASK_RULES.kbId, { description: 'The knowledge base it belongs to', optional })
  declare readonly kb_id?: string | null;
  @Shows(TASK_RULES.payload, { description: 'Parameters for the worker', optional })
  declare readonly payload?: unknown;
  @Shows(TASK_RULES.metadata, { description: 'Notes of the creator', optional })
  declare readonly metadata?: unknown;
  @Shows(TASK_RULES.maxRetries, { description: 'How often it may be tried again', optional })
  declare readonly max_retries?: number;
  @Shows(TASK_RULES.timeoutSeconds, { description: 'How long an attempt may take', optional })
  declare readonly timeout_seconds?: number | null;
  @Shows(TASK_RULES.autoRetry, { description: 'Whether a failure sends it back by itself', optional })
  declare readonly auto_retry?: boolean;
  @Shows(TASK_RULES.concurrencyKey, { description: 'The key whose slots it shares', optional })
  declare readonly concurrency_key?: string | null;
}

/** Why an occurrence made no task. */
export class RunFailureView {
  @Shows({ type: 'string', enum: Object.keys(STATUS_OF) }, { description: 'As a creation would answer' })
  declare readonly code: WireCode;
  @Shows(TEXT, { description: 'What was wrong, in the language of the request' })
  declare readonly message: string;
  @Shows(TIME, { description: 'When it was tried' })
  declare readonly at: string;
}

/** A schedule. */
export class ScheduleView {
  @Shows(UUID, { description: 'Its id' })
  declare readonly schedule_id: string;
  @Shows(SCHEDULE_RULES.name, { description: 'Its own among all schedules' })
  declare readonly name: string;
  @Shows(SCHEDULE_RULES.cron, { description: 'When it comes; null for one with an interval', nullable: true })
  declare readonly cron: string | null;
  @Shows(SCHEDULE_RULES.intervalSeconds, {
    description: 'How often it comes; null for one with an expression',
    nullable: true,
  })
  declare readonly interval_seconds: number | null;
  @Shows(SCHEDULE_RULES.timeZone, { description: 'Whose clock `cron` goes by' })
  declare readonly time_zone: string;
  @ShowsParts(TaskTemplateView, { description: 'What each of its tasks is made of' })
  declare readonly task: TaskTemplateView;
  @Shows({ type: 'string', enum: MISSED_POLICIES }, { description: 'What becomes of what it misses' })
  declare readonly missed: MissedPolicy;
  @Shows(FLAG, { description: 'Whether it makes tasks by itself' })
  declare readonly enabled: boolean;
  @Shows(TIME, { description: 'Its next occurrence; null while it is paused', nullable: true })
  declare readonly next_run_at: string | null;
  @Shows(TIME, { description: 'When it made its last task; null before the first', nullable: true })
  declare readonly last_run_at: string | null;
  @Shows(UUID, { description: 'Its last task', nullable: true })
  declare readonly last_task_id: string | null;
  @ShowsParts(RunFailureView, {
    description: 'Why the latest occurrence made no task; null when it made one',
    nullable: true,
  })
  declare readonly last_error: RunFailureView | null;
  @Shows(TIME, { description: 'When it was made' })
  declare readonly created_at: string;
  @Shows(TEXT, { description: 'Who made it' })
  declare readonly created_by: string;
  @Shows(TIME, { description: 'When somebody changed it last' })
  declare readonly updated_at: string;
  @Shows(TEXT, { description: 'Who changed it last' })
  declare readonly updated_by: string;
}

/** A page of schedules. */
export class ScheduleList {
  @ShowsParts([ScheduleView], { description: 'The schedules, in the order of their names' })
  declare readonly schedules: readonly ScheduleView[];
  @ShowsParts(Page, { description: 'Which page this is' })
  declare readonly pagination: Page;
}
