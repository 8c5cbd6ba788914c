import { TASK_RULES, type PriorityBand, type TaskStatus } from '@task/domain';
import { COUNT, Shows, ShowsParts, TIME, UUID } from '../../shared/docs/shows';
import { CutResult } from '../../shared/views/cut-result.view';

/** A new task. */
export class CreatedTask {
  @Shows(UUID, { description: 'Its id' })
  declare readonly task_id: string;
  @Shows(TASK_RULES.status, { description: 'Where it is' })
  declare readonly status: TaskStatus;
  @Shows(TASK_RULES.priorityBand, { description: 'Claimed first: high' })
  declare readonly priority: PriorityBand;
  @Shows(TASK_RULES.workDirectory, { description: 'As its creator wrote it', nullable: true })
  declare readonly work_directory: string | null;
  @Shows(TASK_RULES.tags, { description: 'Words to find it by' })
  declare readonly tags: readonly string[];
  @Shows(TIME, { description: 'When it was created' })
  declare readonly created_at: string;
}

/** What came of a task that the claimed one depended on. */
export class HandedOnResult {
  @Shows(UUID, { description: 'The task' })
  declare readonly task_id: string;
  @Shows(TASK_RULES.status, { description: 'Where it is; not completed only where that does not matter' })
  declare readonly status: TaskStatus;
  @Shows(TASK_RULES.result, { description: 'What it brought: any JSON; null when it brought nothing' })
  declare readonly result: unknown;
  @ShowsParts(CutResult, {
    description: 'Present when the result is left out: all that come with a task are at most 64 KiB together',
    optional: true,
  })
  declare readonly cut?: CutResult;
}

/** A task that was handed to a worker. */
export class ClaimedTask {
  @Shows(UUID, { description: 'Its id' })
  declare readonly task_id: string;
  @Shows(TASK_RULES.prompt, { description: 'What is to be done', nullable: true })
  declare readonly prompt: string | null;
  @Shows(TASK_RULES.workDirectory, { description: 'Where it is to be done', nullable: true })
  declare readonly work_directory: string | null;
  @Shows(TASK_RULES.priorityBand, { description: 'How urgent it is' })
  declare readonly priority: PriorityBand;
  @Shows(TASK_RULES.tags, { description: 'Words to find it by' })
  declare readonly tags: readonly string[];
  @Shows(TASK_RULES.taskType, { description: 'What kind of worker it is for' })
  declare readonly task_type: string;
  @Shows(TASK_RULES.payload, { description: 'Parameters for the worker', nullable: true })
  declare readonly payload: unknown;
  @Shows(COUNT, { description: 'Claims made of it, this one included' })
  declare readonly attempt: number;
  @Shows(TASK_RULES.leaseToken, { description: 'Proves that the task is held; shown only here' })
  declare readonly lease_token: string;
  @Shows(TIME, { description: 'Until when the task is held' })
  declare readonly lease_expires_at: string;
  @Shows(TASK_RULES.workerId, { description: 'The name that was recorded', nullable: true })
  declare readonly worker_id: string | null;
  @Shows(TASK_RULES.timeoutSeconds, { description: 'How long this attempt may take', nullable: true })
  declare readonly timeout_seconds: number | null;
  @Shows(TASK_RULES.metadata, { description: "The creator's notes, with `created_by` and `updated_by`" })
  declare readonly metadata: object;
  @Shows(COUNT, { description: 'Retries made so far' })
  declare readonly retry_count: number;
  @Shows(TASK_RULES.concurrencyKey, { description: 'What it shares with others', nullable: true })
  declare readonly concurrency_key: string | null;
  @ShowsParts([HandedOnResult], {
    description:
      'What came of the tasks that it depended on, in order of arrival; empty for one that depends on none',
  })
  declare readonly dependencies: readonly HandedOnResult[];
}

/** A task whose worker is done with it. */
export class CompletedTask {
  @Shows(UUID, { description: 'Its id' })
  declare readonly task_id: string;
  @Shows(TASK_RULES.status, { description: 'Where it is now' })
  declare readonly status: TaskStatus;
  @Shows(TIME, { description: 'When it ended; null when it waits to be retried', nullable: true })
  declare readonly completed_at: string | null;
  @Shows(TASK_RULES.workerId, { description: 'Who worked on it', nullable: true })
  declare readonly worker_id: string | null;
}

/** A task whose attempt failed. */
export class FailedTask extends CompletedTask {
  @Shows(TASK_RULES.errorMessage, { description: 'Why it failed', nullable: true })
  declare readonly error_message: string | null;
  @Shows(COUNT, { description: 'Retries made so far' })
  declare readonly retry_count: number;
  @Shows(TASK_RULES.maxRetries, { description: 'Retries that it may have' })
  declare readonly max_retries: number;
  @Shows(TIME, { description: 'Not handed out before', nullable: true })
  declare readonly schedule_for: string | null;
}

/** A task that was given up. */
export class CancelledTask {
  @Shows(UUID, { description: 'Its id' })
  declare readonly task_id: string;
  @Shows(TASK_RULES.status, { description: 'Where it is now' })
  declare readonly status: TaskStatus;
  @Shows(TIME, { description: 'When it was cancelled', nullable: true })
  declare readonly cancelled_at: string | null;
  @Shows(TASK_RULES.reason, { description: 'Why', nullable: true })
  declare readonly reason: string | null;
}

/** A task that was put back into the queue. */
export class RetriedTask {
  @Shows(UUID, { description: 'Its id' })
  declare readonly task_id: string;
  @Shows(TASK_RULES.status, { description: 'Where it is now' })
  declare readonly status: TaskStatus;
  @Shows(COUNT, { description: 'Retries made so far' })
  declare readonly retry_count: number;
  @Shows(TASK_RULES.maxRetries, { description: 'Retries that it may have' })
  declare readonly max_retries: number;
  @Shows(TIME, { description: 'When it was put back', nullable: true })
  declare readonly last_retry_at: string | null;
}
