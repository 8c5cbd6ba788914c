import type { Dependency, HandedOn } from '@task/application';
import { bandOf, type Task } from '@task/domain';
import { iso, isoOrNull, metadataOf, valueOf } from '../../shared/views/format';
import { handedOnPart } from '../../shared/views/handed-on';
import type {
  CancelledTask,
  ClaimedTask,
  CompletedTask,
  CreatedTask,
  FailedTask,
  HandedOnResult,
  RetriedTask,
} from './outcome.views';

/** A new task, as its creator is answered. */
export function createdTask({ state }: Task): CreatedTask {
  return {
    task_id: state.id,
    status: state.status,
    priority: bandOf(state.priority),
    work_directory: state.workDirectory,
    tags: state.tags,
    created_at: iso(state.createdAt),
  };
}

/** A claimed task, as its worker is answered: the only answer with a lease token. */
export function claimedTask({ state, attempt }: Task, handedOn: HandedOn): ClaimedTask {
  const { lease } = state;
  if (lease === null) throw new Error('a claimed task has a lease');
  return {
    task_id: state.id,
    prompt: state.prompt,
    work_directory: state.workDirectory,
    priority: bandOf(state.priority),
    tags: state.tags,
    task_type: state.taskType,
    payload: valueOf(state.payload),
    attempt,
    lease_token: lease.token,
    lease_expires_at: iso(lease.expiresAt),
    worker_id: lease.workerId,
    timeout_seconds: state.timeoutSeconds,
    metadata: metadataOf(state),
    retry_count: state.retryCount,
    concurrency_key: state.concurrencyKey,
    dependencies: (handedOn.get(state.id) ?? []).map(handedOnResult),
  };
}

function handedOnResult(dependency: Dependency): HandedOnResult {
  return { ...handedOnPart(dependency), status: dependency.status };
}

/** A task that its worker is done with. */
export function completedTask({ state }: Task): CompletedTask {
  return {
    task_id: state.id,
    status: state.status,
    completed_at: isoOrNull(state.completedAt),
    worker_id: state.lease?.workerId ?? null,
  };
}

/** A task whose worker failed. */
export function failedTask({ state }: Task): FailedTask {
  return {
    task_id: state.id,
    status: state.status,
    completed_at: isoOrNull(state.completedAt),
    worker_id: state.lease?.workerId ?? null,
    error_message: state.errorMessage,
    retry_count: state.retryCount,
    max_retries: state.maxRetries,
    schedule_for: isoOrNull(state.availableAt),
  };
}

/** A task that was given up. */
export function cancelledTask({ state }: Task): CancelledTask {
  return {
    task_id: state.id,
    status: state.status,
    cancelled_at: isoOrNull(state.cancelledAt),
    reason: state.cancelReason,
  };
}

/** A task that was put back. */
export function retriedTask({ state }: Task): RetriedTask {
  return {
    task_id: state.id,
    status: state.status,
    retry_count: state.retryCount,
    max_retries: state.maxRetries,
    last_retry_at: isoOrNull(state.lastRetryAt),
  };
}
