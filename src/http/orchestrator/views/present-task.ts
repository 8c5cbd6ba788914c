import type { Dependency, ListedTasks, ListTasksInput } from '@task/application';
import { bandOf, type Task } from '@task/domain';
import { blockersView } from '../../shared/views/blockers';
import { iso, isoOrNull, metadataOf, valueOf } from '../../shared/views/format';
import type { TaskList } from './task-list.view';
import type { FIELDS_OF_ONE, TaskView } from './task.view';

type NarrowTask = Omit<TaskView, (typeof FIELDS_OF_ONE)[number]>;

/** What is read beside a task for its whole view. */
export interface Beside {
  /** Null unless it waits. */
  readonly placeInLine: number | null;
  readonly dependencies: readonly Dependency[];
}

/** Everything that is known of a task. */
export function wholeTask(task: Task, { placeInLine, dependencies }: Beside, now: number): TaskView {
  const { payload, result } = task.state;
  return {
    ...narrowTask(task),
    payload: valueOf(payload),
    result: valueOf(result),
    depends_on: dependencies.map(({ taskId }) => taskId),
    blocked_by: blockersView(task, now),
    place_in_line: placeInLine,
  };
}

/** A task in a list. */
export function taskRow(task: Task): Partial<NarrowTask> {
  return Object.fromEntries(Object.entries(narrowTask(task)).filter(([, value]) => value !== null));
}

function narrowTask({ state, attempt }: Task): NarrowTask {
  // A task that waits again has nobody, whoever had it before.
  const lease = state.status === 'waiting' ? null : state.lease;
  return {
    task_id: state.id,
    task_type: state.taskType,
    work_directory: state.workDirectory,
    kb_id: state.kbId,
    prompt: state.prompt,
    priority: bandOf(state.priority),
    tags: state.tags,
    status: state.status,
    worker_id: lease?.workerId ?? null,
    attempt,
    progress: lease?.progress ?? 0,
    progress_message: lease?.progressMessage ?? null,
    error_message: state.errorMessage,
    retry_count: state.retryCount,
    max_retries: state.maxRetries,
    auto_retry: state.autoRetry,
    last_retry_at: isoOrNull(state.lastRetryAt),
    schedule_for: isoOrNull(state.availableAt),
    timeout_seconds: state.timeoutSeconds,
    lease_expires_at: state.status === 'working' && lease !== null ? iso(lease.expiresAt) : null,
    created_at: iso(state.createdAt),
    updated_at: iso(state.updatedAt),
    started_at: isoOrNull(state.startedAt),
    completed_at: isoOrNull(state.completedAt),
    cancelled_at: isoOrNull(state.cancelledAt),
    cancel_reason: state.cancelReason,
    metadata: metadataOf(state),
    version: state.version,
    concurrency_key: state.concurrencyKey,
    on_dependency_failure: state.needs?.onFailure ?? null,
  };
}

/** A page of tasks. */
export function taskList(page: ListedTasks, { limit, offset }: ListTasksInput): TaskList {
  const { tasks, total, totalCapped, nextCursor } = page;
  return {
    tasks: tasks.map(taskRow),
    pagination: {
      total,
      limit,
      offset,
      has_more: nextCursor !== null,
      next_cursor: nextCursor,
      ...(totalCapped && { total_capped: true }),
    },
  };
}
