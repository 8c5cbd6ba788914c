import { TASK_RULES, type DependencyPolicy, type PriorityLevel } from '@task/domain';
import { COUNT, Shows, ShowsParts, TEXT, TIME, UUID } from '../../shared/docs/shows';
import { BlockerView } from '../../shared/views/blocker.view';
import { CutResult } from '../../shared/views/cut-result.view';
import { STATUS_NAME, type StatusName } from '../status-names';

/** A task as lists show it; what it does not have is null. */
export class TaskRow {
  @Shows(UUID, { description: 'Its id' })
  declare readonly id: string;
  @Shows(TASK_RULES.taskType, { description: 'What kind of work it is' })
  declare readonly task_type: string;
  @Shows(STATUS_NAME, { description: 'Where it is' })
  declare readonly status: StatusName;
  @Shows(TASK_RULES.priorityLevel, { description: 'Claimed first: critical' })
  declare readonly priority: PriorityLevel;
  @Shows(TASK_RULES.kbId, { description: 'Its knowledge base', nullable: true })
  declare readonly kb_id: string | null;
  @Shows(TASK_RULES.payload, { description: 'Parameters for the worker', nullable: true })
  declare readonly payload: unknown;
  @Shows(TASK_RULES.progress, { description: 'Percent' })
  declare readonly progress: number;
  @Shows(TASK_RULES.progressMessage, { description: 'How far it is, in words', nullable: true })
  declare readonly progress_message: string | null;
  @Shows(COUNT, { description: 'Retries made so far' })
  declare readonly retry_count: number;
  @Shows(TASK_RULES.maxRetries, { description: 'Retries that it may have' })
  declare readonly max_retries: number;
  @Shows(TASK_RULES.autoRetry, { description: 'Whether it retries itself' })
  declare readonly auto_retry: boolean;
  @Shows(TASK_RULES.timeoutSeconds, { description: 'Seconds that an attempt may take', nullable: true })
  declare readonly timeout: number | null;
  @Shows(TEXT, { description: 'Why its latest attempt failed; empty when it did not' })
  declare readonly error_message: string;
  @Shows(TASK_RULES.workerId, { description: 'Who works, or worked, on it', nullable: true })
  declare readonly worker_id: string | null;
  @Shows(TIME, { description: 'Not handed out before', nullable: true })
  declare readonly schedule_for: string | null;
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
  @Shows(TIME, { description: 'When it was last retried', nullable: true })
  declare readonly last_retry_at: string | null;
  @Shows(TASK_RULES.concurrencyKey, { description: 'What it shares with others', nullable: true })
  declare readonly concurrency_key: string | null;
  @Shows(TASK_RULES.onDependencyFailure, {
    description:
      'What becomes of it when a task that it depends on has failed; null when it depends on nothing',
    nullable: true,
  })
  declare readonly on_dependency_failure: DependencyPolicy | null;
}

/** A task with everything that is known of it. */
export class TaskInfo extends TaskRow {
  @Shows(TASK_RULES.result, { description: 'What its latest attempt brought: any JSON' })
  declare readonly result: unknown;
  @Shows(COUNT, { description: '1 for the next to be claimed, 0 when it cannot be claimed' })
  declare readonly queue_position: number;
  @Shows(TIME, {
    description:
      'When it is expected to be completed, from the mean time of its type, its position and the workers that are ' +
      'alive; left out while nothing is known',
    optional: true,
  })
  declare readonly estimated_completion?: string;
  @Shows(
    { type: 'array', items: UUID },
    { description: 'Tasks that have to be completed first, in order of arrival' },
  )
  declare readonly depends_on: readonly string[];
  @ShowsParts([BlockerView], {
    description: 'Why it cannot be claimed now; only of a queued task',
    nullable: true,
  })
  declare readonly blocked_by: readonly BlockerView[] | null;
}

/** What came of a task that the claimed one depended on. */
export class HandedOnResult {
  @Shows(UUID, { description: 'The task' })
  declare readonly task_id: string;
  @Shows(STATUS_NAME, { description: 'Where it is; not completed only where that does not matter' })
  declare readonly status: StatusName;
  @Shows(TASK_RULES.result, { description: 'What it brought: any JSON; null when it brought nothing' })
  declare readonly result: unknown;
  @ShowsParts(CutResult, {
    description: 'Present when the result is left out: all that come with a task are at most 64 KiB together',
    optional: true,
  })
  declare readonly cut?: CutResult;
}

/** A task that was handed to a worker. */
export class ClaimedTask extends TaskRow {
  @Shows(COUNT, { description: 'Claims made of it, this one included' })
  declare readonly attempt: number;
  @Shows(TASK_RULES.leaseToken, { description: 'Proves that the task is held; shown only here' })
  declare readonly lease_token: string;
  @Shows(TIME, { description: 'Until when the task is held' })
  declare readonly lease_expires_at: string;
  @ShowsParts([HandedOnResult], {
    description:
      'What came of the tasks that it depended on, in order of arrival; empty for one that depends on none',
  })
  declare readonly dependencies: readonly HandedOnResult[];
}

/** New tasks. */
export class CreatedTasks {
  @ShowsParts([TaskRow], { description: 'The tasks, in the order of the request' })
  declare readonly tasks: readonly TaskRow[];
  @Shows(COUNT, { description: 'How many they are' })
  declare readonly count: number;
}

/** A task that was given up. */
export class CanceledTask {
  @Shows(TEXT, { description: 'That it was done' })
  declare readonly message: string;
  @Shows(UUID, { description: 'The task' })
  declare readonly task_id: string;
}

/** Which page of a list this is. */
export class Pagination {
  @Shows(COUNT, { description: 'Which page, from 1' })
  declare readonly page: number;
  @Shows(COUNT, { description: 'Rows of a page' })
  declare readonly page_size: number;
  @Shows(COUNT, { description: 'Tasks that match' })
  declare readonly total: number;
  @Shows(COUNT, { description: 'Pages that they fill' })
  declare readonly total_pages: number;
}

/** A page of tasks. */
export class TaskList {
  @ShowsParts([TaskRow], { description: 'The tasks, sorted' })
  declare readonly tasks: readonly TaskRow[];
  @ShowsParts(Pagination, { description: 'Which page this is' })
  declare readonly pagination: Pagination;
}
