import type { Dependency, HandedOn, ListedTasks, ListTasksInput, Outlook } from '@task/application';
import { levelOf, type EpochMs, type Task } from '@task/domain';
import type { Plain } from '../../shared/docs/shows';
import { blockersView } from '../../shared/views/blockers';
import { iso, isoOrNull, valueOf } from '../../shared/views/format';
import { handedOnPart } from '../../shared/views/handed-on';
import { statusNameOf } from '../status-names';
import type { ClaimedTask, HandedOnResult, TaskInfo, TaskList, TaskRow } from './task.views';

/** A task in a list. */
export function taskRow({ state }: Task): Plain<TaskRow> {
  // A task that waits again has nobody, whoever had it before.
  const lease = state.status === 'waiting' ? null : state.lease;
  return {
    id: state.id,
    task_type: state.taskType,
    status: statusNameOf(state.status),
    priority: levelOf(state.priority),
    kb_id: state.kbId,
    payload: valueOf(state.payload),
    progress: lease?.progress ?? 0,
    progress_message: lease?.progressMessage ?? null,
    retry_count: state.retryCount,
    max_retries: state.maxRetries,
    auto_retry: state.autoRetry,
    timeout: state.timeoutSeconds,
    error_message: state.errorMessage ?? '',
    worker_id: lease?.workerId ?? null,
    schedule_for: isoOrNull(state.availableAt),
    created_at: iso(state.createdAt),
    updated_at: iso(state.updatedAt),
    started_at: isoOrNull(state.startedAt),
    completed_at: isoOrNull(state.completedAt),
    cancelled_at: isoOrNull(state.cancelledAt),
    last_retry_at: isoOrNull(state.lastRetryAt),
    concurrency_key: state.concurrencyKey,
    on_dependency_failure: state.needs?.onFailure ?? null,
  };
}

/** What is read beside a task to tell everything of it. */
export interface Beside extends Outlook {
  readonly dependencies: readonly Dependency[];
}

/** Everything that is known of a task. */
export function taskInfo(task: Task, beside: Beside, now: EpochMs): TaskInfo {
  const { placeInLine, expectedAt, dependencies } = beside;
  return {
    ...taskRow(task),
    result: valueOf(task.state.result),
    queue_position: placeInLine,
    ...(expectedAt !== null && { estimated_completion: iso(expectedAt) }),
    depends_on: dependencies.map(({ taskId }) => taskId),
    blocked_by: blockersView(task, now),
  };
}

/** A claimed task, as its worker is answered: the only answer with a lease token. */
export function claimedTask(task: Task, handedOn: HandedOn): ClaimedTask {
  const { lease } = task.state;
  if (lease === null) throw new Error('a claimed task has a lease');
  return {
    ...taskRow(task),
    attempt: task.attempt,
    lease_token: lease.token,
    lease_expires_at: iso(lease.expiresAt),
    dependencies: (handedOn.get(task.id) ?? []).map(handedOnResult),
  };
}

function handedOnResult(dependency: Dependency): HandedOnResult {
  return { ...handedOnPart(dependency), status: statusNameOf(dependency.status) };
}

/** A page of tasks. */
export function taskList({ tasks, total }: ListedTasks, { limit, offset }: ListTasksInput): TaskList {
  return {
    tasks: tasks.map(taskRow),
    pagination: {
      page: Math.floor(offset / limit) + 1,
      page_size: limit,
      total,
      total_pages: Math.ceil(total / limit),
    },
  };
}
