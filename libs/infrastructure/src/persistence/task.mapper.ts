import { JsonDocument, normalisePath, Task, type Lease, type Needs, type TaskState } from '@task/domain';
import { commandOf, gateNamed, policyNamed, priorityOfRank, statusOf } from './codes';
import type { TaskRow } from './task-row';

/** The task that a row tells of. */
export function taskFrom(row: TaskRow): Task {
  const state: TaskState = {
    id: row.id,
    taskType: row.task_type,
    workDirectory: row.work_directory ?? row.path,
    kbId: row.kb_id === '' ? null : row.kb_id,
    prompt: row.prompt,
    payload: documentFrom(row.payload),
    priority: priorityOfRank(row.rank),
    tags: row.tags === null ? [] : (JSON.parse(row.tags) as string[]),
    metadata: documentFrom(row.metadata),
    status: statusOf(row.status),
    gate: row.gate === null ? null : gateNamed(row.gate),
    availableAt: row.available_at,
    timeoutSeconds: row.timeout_seconds,
    maxRetries: row.max_retries,
    autoRetry: row.auto_retry === 1,
    concurrencyKey: row.concurrency_key,
    needs: needsFrom(row),
    isAwaited: row.is_awaited === 1,
    lease: leaseFrom(row),
    retryCount: row.retry_count,
    lastRetryAt: row.last_retry_at,
    result: documentFrom(row.result),
    errorMessage: row.error_message,
    cancelReason: row.cancel_reason,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    startedAt: row.started_at,
    completedAt: row.completed_at,
    cancelledAt: row.cancelled_at,
    createdBy: row.created_by,
    updatedBy: row.updated_by,
    version: row.version,
  };
  return new Task(state);
}

const MOST_REMEMBERED = 1_000;
const normalised = new Map<string, string>();

/** The normalised directory of a task, and its own spelling where that differs. */
export function directoryOf({ workDirectory }: TaskState): { path: string | null; spelling: string | null } {
  if (workDirectory === null) return { path: null, spelling: null };
  const path = normalisedOnce(workDirectory);
  return { path, spelling: path === workDirectory ? null : workDirectory };
}

/** Every write asks several times, and most tasks share a few directories. */
function normalisedOnce(directory: string): string {
  let path = normalised.get(directory);
  if (path === undefined) {
    path = normalisePath(directory);
    if (normalised.size === MOST_REMEMBERED) normalised.clear();
    normalised.set(directory, path);
  }
  return path;
}

export function tagsText(tags: readonly string[]): string | null {
  return tags.length === 0 ? null : JSON.stringify(tags);
}

function documentFrom(text: string | null): JsonDocument | null {
  return text === null ? null : JsonDocument.fromText(text);
}

function needsFrom({ pending, on_failure }: TaskRow): Needs | null {
  if (pending === null || on_failure === null) return null;
  return { pending, onFailure: policyNamed(on_failure) };
}

function leaseFrom(row: TaskRow): Lease | null {
  if (row.attempt === null || row.token === null) return null;
  return {
    attempt: row.attempt,
    token: row.token,
    workerId: row.worker_id,
    lengthMs: row.length_ms,
    claimedAt: row.claimed_at,
    expiresAt: row.expires_at,
    timeoutAt: row.timeout_at,
    progress: row.progress,
    progressMessage: row.progress_message,
    endedBy: row.ended_by === null ? null : commandOf(row.ended_by),
    slotUntil: row.slot_until,
  };
}
