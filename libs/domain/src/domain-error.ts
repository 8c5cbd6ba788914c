/** What the domain refuses, by a stable code. Driving adapters translate the code; it is never a status code of HTTP. */
export type ErrorCode =
  | 'task.invalid'
  | 'task.not_found'
  | 'task.lease_lost'
  | 'task.cancelled'
  | 'task.already_final'
  | 'task.archived'
  | 'task.not_working'
  | 'task.not_waiting'
  | 'task.not_failed'
  | 'task.retries_exhausted'
  | 'task.prompt_mismatch'
  | 'task.prompt_says_nothing'
  | 'task.prompt_too_short'
  | 'queue.full'
  | 'executor.full'
  | 'queue.overloaded'
  | 'idempotency.key_reused'
  | 'idempotency.key_in_use'
  | 'config.invalid'
  | 'config.needs_restart'
  | 'config.contradictory'
  | 'config.shuts_out_caller'
  | 'key.invalid'
  | 'key.not_found'
  | 'key.name_taken'
  | 'schedule.invalid'
  | 'schedule.not_found'
  | 'schedule.name_taken';

/** A refusal by a rule of the queue: expected, answered to the caller, never logged as a fault. */
export abstract class DomainError extends Error {
  abstract readonly code: ErrorCode;
  /** Which of several items it concerns, from 0; null when there is only one. */
  index: number | null = null;
}
