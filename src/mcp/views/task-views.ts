import { bandOf, type EpochMs, type JsonDocument, type Lease, type Task } from '@task/domain';
import { blockersView } from '../../http/shared/views/blockers';

const SHORT_PROMPT = 120;

/** A time as answers tell it; null for none. */
export function iso(at: EpochMs | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}

/** A task in a list: what is needed to choose one. */
export function taskRow({ state, attempt }: Task): object {
  const { lease, status } = state;
  return {
    task_id: state.id,
    status,
    priority: bandOf(state.priority),
    work_directory: state.workDirectory,
    prompt: shortened(state.prompt),
    ...(state.tags.length > 0 && { tags: state.tags }),
    ...(status === 'working' && lease !== null && { worker_id: lease.workerId, progress: lease.progress }),
    ...(attempt > 1 && { attempt }),
    error_message: shortened(state.errorMessage),
  };
}

/** A task by itself, without what is rarely asked for. @param placeInLine null unless it waits */
export function briefTask(task: Task, placeInLine: number | null, now: EpochMs): object {
  const { state, attempt } = task;
  const { lease, status } = state;
  return {
    task_id: state.id,
    status,
    priority: bandOf(state.priority),
    work_directory: state.workDirectory,
    prompt: state.prompt,
    ...(status === 'working' && lease !== null && holding(task)),
    attempt,
    result: valueOf(state.result),
    error_message: state.errorMessage,
    schedule_for: status === 'waiting' ? iso(state.availableAt) : null,
    ...(status === 'waiting' && { blocked_by: blockers(task, now), place_in_line: placeInLine }),
    created_at: iso(state.createdAt),
    completed_at: iso(state.completedAt),
  };
}

/** A task with everything that is known of it. @param placeInLine null unless it waits */
export function wholeTask(
  task: Task,
  placeInLine: number | null,
  now: EpochMs,
): Readonly<Record<string, unknown>> {
  const { state } = task;
  return {
    ...briefTask(task, placeInLine, now),
    // A task that waits again has nobody, whoever had it before.
    ...(state.status !== 'waiting' && state.lease !== null && lastHolder(state.lease)),
    task_type: state.taskType,
    kb_id: state.kbId,
    tags: state.tags,
    payload: valueOf(state.payload),
    schedule_for: iso(state.availableAt),
    timeout_seconds: state.timeoutSeconds,
    retry_count: state.retryCount,
    max_retries: state.maxRetries,
    auto_retry: state.autoRetry,
    last_retry_at: iso(state.lastRetryAt),
    started_at: iso(state.startedAt),
    updated_at: iso(state.updatedAt),
    cancelled_at: iso(state.cancelledAt),
    cancel_reason: state.cancelReason,
    metadata: metadataOf(task),
    version: state.version,
    concurrency_key: state.concurrencyKey,
    on_dependency_failure: state.needs?.onFailure ?? null,
  };
}

/** A task that was handed to its worker: the only view with a lease token. */
export function claimedTask(task: Task): object {
  const { state, attempt } = task;
  return {
    claimed: true,
    task_id: state.id,
    lease_token: state.lease?.token ?? null,
    prompt: state.prompt,
    work_directory: state.workDirectory,
    payload: valueOf(state.payload),
    priority: bandOf(state.priority),
    task_type: state.taskType,
    ...(state.tags.length > 0 && { tags: state.tags }),
    attempt,
    lease_expires_at: iso(state.lease?.expiresAt ?? null),
    timeout_seconds: state.timeoutSeconds,
  };
}

/** Where a task and its worker stand. */
export function leaseView(task: Task): object {
  const { state, attempt } = task;
  const isHeld = state.status === 'working';
  return {
    task_id: state.id,
    status: state.status,
    ...(isHeld && holding(task)),
    attempt,
  };
}

/** How a task stands after something was done to it. */
export function outcome({ state }: Task): object {
  return {
    task_id: state.id,
    status: state.status,
    completed_at: iso(state.completedAt),
    cancelled_at: iso(state.cancelledAt),
    retry_count: state.retryCount > 0 ? state.retryCount : null,
    schedule_for: state.status === 'waiting' ? iso(state.availableAt) : null,
  };
}

/** The value of a document; null for none. */
export function valueOf(document: JsonDocument | null): unknown {
  return document === null ? null : document.value;
}

function holding({ state: { lease } }: Task): object {
  return {
    worker_id: lease?.workerId ?? null,
    lease_expires_at: iso(lease?.expiresAt ?? null),
    progress: lease?.progress ?? 0,
    progress_message: lease?.progressMessage ?? null,
  };
}

function lastHolder({ workerId, progress, progressMessage }: Lease): object {
  return { worker_id: workerId, progress, progress_message: progressMessage };
}

function metadataOf({ state: { metadata, createdBy, updatedBy } }: Task): object {
  return { ...(valueOf(metadata) as object | null), created_by: createdBy, updated_by: updatedBy };
}

/** What answers leave out when there is none. */
function blockers(task: Task, now: EpochMs): object | null {
  const found = blockersView(task, now);
  return found === null || found.length === 0 ? null : found;
}

function shortened(text: string | null): string | null {
  if (text === null) return null;
  const characters = [...text.slice(0, SHORT_PROMPT * 2 + 2)];
  return characters.length <= SHORT_PROMPT ? text : `${characters.slice(0, SHORT_PROMPT).join('')}…`;
}
