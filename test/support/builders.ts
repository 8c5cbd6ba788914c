import type { Call, Policy } from '@task/application';
import {
  Task,
  TaskTypes,
  type EpochMs,
  type Failure,
  type LeaseTerms,
  type RetryPolicy,
  type TaskDraft,
  type TaskStatus,
} from '@task/domain';

/** When tests take place. */
export const NOW: EpochMs = Date.UTC(2025, 7, 18, 10);
export const TASK_ID = '11111111-1111-4111-8111-111111111111';
/** The caller's key, where it does not matter which. */
export const ACTOR = 'producer-key';
/** A caller who still waits. */
export const CALL: Call = { actor: ACTOR, signal: { aborted: false } };

/** A retry policy without chance: three quarters of the longest wait. */
export const RETRY: RetryPolicy = { baseMs: 5_000, capMs: 900_000, random: () => 0.5 };

export function policy(changes: Partial<Policy> = {}): Policy {
  return {
    leaseMs: 1_800_000,
    workerTtlMs: 60_000,
    requireLeaseToken: false,
    maxWaiting: 10_000_000,
    maxMemoryShare: 0.85,
    promptMatchThreshold: 0.8,
    promptMinWords: 0,
    retry: RETRY,
    retentionMs: null,
    taskTypes: new TaskTypes(),
    ...changes,
  };
}

export function draft(changes: Partial<TaskDraft> = {}): TaskDraft {
  return {
    taskType: 'agent_prompt',
    workDirectory: '/srv/project',
    kbId: null,
    prompt: 'write the release notes',
    payload: null,
    priority: 5,
    tags: [],
    metadata: null,
    availableAt: null,
    timeoutSeconds: null,
    maxRetries: 3,
    autoRetry: false,
    concurrencyKey: null,
    ...changes,
  };
}

export function terms(changes: Partial<LeaseTerms> = {}): LeaseTerms {
  return { token: 'token-1', workerId: 'worker-1', lengthMs: 60_000, ...changes };
}

export function failure(changes: Partial<Failure> = {}): Failure {
  return { errorMessage: 'out of memory', result: null, retryable: true, ...changes };
}

/** A task that reached a status by the shortest way, at {@link NOW}, with `terms()` as its lease. */
export function taskIn(status: TaskStatus, changes: Partial<TaskDraft> = {}): Task {
  const waiting = Task.create(draft(changes), TASK_ID, ACTOR, NOW).task;
  if (status === 'waiting') return waiting;
  if (status === 'cancelled') return waiting.cancel(null, false, ACTOR, NOW).task;
  const working = waiting.claim(terms(), ACTOR, NOW).task;
  if (status === 'working') return working;
  return status === 'completed'
    ? working.complete(null, {}, ACTOR, NOW).task
    : working.fail(failure({ retryable: false }), {}, RETRY, ACTOR, NOW).task;
}
