import { TASK_RULES, type DependencyPolicy, type PriorityBand, type TaskStatus } from '@task/domain';
import { COUNT, Shows, ShowsParts, ShowsPresent, TIME, UUID } from '../../shared/docs/shows';
import { BlockerView } from '../../shared/views/blocker.view';

/** A task with everything that is known of it; what it does not have is null. */
export class TaskView {
  @Shows(UUID, { description: 'Its id' })
  declare readonly task_id: string;
  @Shows(TASK_RULES.taskType, { description: 'What kind of worker it is for' })
  declare readonly task_type: string;
  @Shows(TASK_RULES.workDirectory, { description: 'As its creator wrote it', nullable: true })
  declare readonly work_directory: string | null;
  @Shows(TASK_RULES.kbId, { description: 'Its knowledge base', nullable: true })
  declare readonly kb_id: string | null;
  @Shows(TASK_RULES.prompt, { description: 'What is to be done', nullable: true })
  declare readonly prompt: string | null;
  @Shows(TASK_RULES.payload, { description: 'Parameters for the worker', nullable: true })
  declare readonly payload: unknown;
  @Shows(TASK_RULES.priorityBand, { description: 'Claimed first: high' })
  declare readonly priority: PriorityBand;
  @Shows(TASK_RULES.tags, { description: 'Words to find it by' })
  declare readonly tags: readonly string[];
  @Shows(TASK_RULES.status, { description: 'Where it is' })
  declare readonly status: TaskStatus;
  @Shows(TASK_RULES.workerId, { description: 'Who works, or worked, on it', nullable: true })
  declare readonly worker_id: string | null;
  @Shows(COUNT, { description: 'Claims made of it so far' })
  declare readonly attempt: number;
  @Shows(TASK_RULES.progress, { description: 'Percent' })
  declare readonly progress: number;
  @Shows(TASK_RULES.progressMessage, { description: 'How far it is, in words', nullable: true })
  declare readonly progress_message: string | null;
  @Shows(TASK_RULES.result, { description: 'What its latest attempt brought: any JSON' })
  declare readonly result: unknown;
  @Shows(TASK_RULES.errorMessage, { description: 'Why its latest attempt failed', nullable: true })
  declare readonly error_message: string | null;
  @Shows(COUNT, { description: 'Retries made so far' })
  declare readonly retry_count: number;
  @Shows(TASK_RULES.maxRetries, { description: 'Retries that it may have' })
  declare readonly max_retries: number;
  @Shows(TASK_RULES.autoRetry, { description: 'Whether it retries itself' })
  declare readonly auto_retry: boolean;
  @Shows(TIME, { description: 'When it was last retried', nullable: true })
  declare readonly last_retry_at: string | null;
  @Shows(TIME, { description: 'Not handed out before', nullable: true })
  declare readonly schedule_for: string | null;
  @Shows(TASK_RULES.timeoutSeconds, { description: 'How long an attempt may take', nullable: true })
  declare readonly timeout_seconds: number | null;
  @Shows(TIME, { description: 'Until when it is held; only while it is', nullable: true })
  declare readonly lease_expires_at: string | null;
  @Shows(TIME, { description: 'When it was created' })
  declare readonly created_at: string;
  @Shows(TIME, { description: 'When it last changed' })
  declare readonly updated_at: string;
  @Shows(TIME, { description: 'When it was last claimed', nullable: true })
  declare readonly started_at: string | null;
  @Shows(TIME, { description: 'When it was completed, or failed', nullable: true })
  declare readonly completed_at: string | null;
  @Shows(TIME, { description: 'When it was cancelled', nullable: true })
  declare readonly cancelled_at: string | null;
  @Shows(TASK_RULES.reason, { description: 'Why it was cancelled', nullable: true })
  declare readonly cancel_reason: string | null;
  @Shows(TASK_RULES.metadata, { description: "The creator's notes, with `created_by` and `updated_by`" })
  declare readonly metadata: object;
  @Shows({ type: 'integer', minimum: 1 }, { description: 'One more after each transition' })
  declare readonly version: number;
  @Shows(TASK_RULES.concurrencyKey, { description: 'What it shares with others', nullable: true })
  declare readonly concurrency_key: string | null;
  @Shows(TASK_RULES.onDependencyFailure, {
    description:
      'What becomes of it when a task that it depends on has failed; null when it depends on nothing',
    nullable: true,
  })
  declare readonly on_dependency_failure: DependencyPolicy | null;
  @Shows(
    { type: 'array', items: UUID },
    { description: 'Tasks that have to be completed first; more about them under `/dependencies`' },
  )
  declare readonly depends_on: readonly string[];
  @ShowsParts([BlockerView], {
    description: 'Why it cannot be claimed now; only of a waiting task',
    nullable: true,
  })
  declare readonly blocked_by: readonly BlockerView[] | null;
  @Shows(COUNT, {
    description: '1 for the next to be claimed, 0 when it cannot be; only of a waiting task',
    nullable: true,
  })
  declare readonly place_in_line: number | null;
}

/** Fields that are large or cost a look of their own: a list of up to a thousand rows leaves them to the single task. */
export const FIELDS_OF_ONE = ['payload', 'result', 'depends_on', 'blocked_by', 'place_in_line'] as const;

/** A task as a list shows it: without the fields of a single task, and without what is null. */
@ShowsPresent(TaskView, FIELDS_OF_ONE)
export class TaskRow {}
