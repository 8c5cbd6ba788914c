import { StoreUnavailable } from '@task/application';
import {
  IdempotencyKeyInUse,
  IdempotencyKeyReused,
  LeaseLost,
  QueueOverloaded,
  RetriesExhausted,
  TaskAlreadyFinal,
  TaskArchived,
  TaskCancelled,
  type TaskConflict,
  TaskNotFailed,
  TaskNotFound,
  TaskNotWorking,
} from '@task/domain';
import { Unexpected, type Failure } from '../failures/failure';
import { Refusal } from '../failures/refusal';

/** Failures by name. */
export type Failures = Readonly<Record<string, Failure>>;

/** The task of all examples. */
export const TASK_ID = '550e8400-e29b-41d4-a716-446655440000';

/** What every endpoint can answer, whatever it was asked. */
export const ALWAYS_POSSIBLE: Failures = {
  unauthorized: new Refusal('unauthorized', { scheme: 'Bearer' }, { 'WWW-Authenticate': 'Bearer' }),
  too_many_requests: new Refusal('rate_limited', { retry_after_seconds: 2 }, { 'Retry-After': '2' }),
  unknown_host: new Refusal('unknown_host', { reason: 'unknown_host' }),
  address_not_allowed: new Refusal('address_refused', { reason: 'address_not_allowed' }),
  https_required: new Refusal('https_required', { reason: 'https_required' }),
  headers_too_large: new Refusal('headers_too_large', { max_headers: 100 }),
  unexpected: new Unexpected(null, '0b8f4f5e-93c1-4c8e-9d0c-7f6f2f0f5a11'),
  database_unreachable: new StoreUnavailable('unreachable'),
  overloaded: new StoreUnavailable('overloaded'),
  database_slow: new StoreUnavailable('timed_out'),
};

/** What every endpoint with a body can answer. */
export const WITH_A_BODY: Failures = {
  body_too_large: new Refusal('payload_too_large', { max_bytes: 2_097_152 }),
  not_json: new Refusal('unsupported_media_type', { supported: ['application/json; charset=utf-8'] }),
};

/** What every endpoint with a body about many tasks can answer. */
export const WITH_A_LARGE_BODY: Failures = {
  ...WITH_A_BODY,
  body_too_large: new Refusal('payload_too_large', { max_bytes: 16_777_216 }),
};

/** What every endpoint that takes an idempotency key can answer. */
export const REPEATABLE: Failures = {
  bad_idempotency_key: Refusal.ofField('Idempotency-Key', 'too_long', { min_length: 1, max_length: 255 }),
  key_in_use: new IdempotencyKeyInUse(),
  key_reused: new IdempotencyKeyReused(),
};

/** What every endpoint of one task can answer. */
export const OF_ONE_TASK: Failures = { no_such_task: new TaskNotFound(TASK_ID) };

/** The answer to new work, and to reads of much, while memory is short. */
export const NO_MEMORY: Failures = { memory_short: new QueueOverloaded() };

/** The answer to a key without the role. */
export function needsRole(role: string): Failures {
  return { role_needed: new Refusal('forbidden', { required_role: role }) };
}

/** The answer to a path that is not encoded well. */
export const BAD_PATH: Failures = {
  bad_path: Refusal.ofField('path', 'malformed_text', { encoding: 'UTF-8' }),
};

/** The answer to a field that does not exist. */
export const UNKNOWN_FIELD: Failures = { unknown_field: Refusal.ofField('colour', 'unknown_field') };

/** The answer to a missing field. */
export function missing(field: string): Failures {
  return { missing_field: Refusal.ofField(field, 'required') };
}

/** Refusals of a holder's write. */
export function notHeld(command: TaskConflict['command']): Failures {
  return {
    lease_lost: new LeaseLost(TASK_ID, 'working', command),
    cancelled: new TaskCancelled(TASK_ID, 'cancelled', command),
    already_final: new TaskAlreadyFinal(TASK_ID, 'completed', command),
    not_working: new TaskNotWorking(TASK_ID, 'waiting', command),
  };
}

/** Refusals of a retry. */
export const NOT_RETRIED: Failures = {
  not_failed: new TaskNotFailed(TASK_ID, 'working', 'retry'),
  retries_exhausted: new RetriesExhausted(TASK_ID, 3),
  archived: new TaskArchived(TASK_ID, 'failed', 'retry'),
};
