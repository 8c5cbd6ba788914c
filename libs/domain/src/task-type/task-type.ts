import type { Rule } from '../rules/rule';

/** Waits between the attempts of a type of tasks; null where those of all tasks hold. */
export interface Backoff {
  /** The first wait, before jitter, in milliseconds. */
  readonly baseMs: number | null;
  /** The longest wait, in milliseconds. */
  readonly capMs: number | null;
}

/**
 * A kind of work, and what holds for a task of it whose creator says nothing else. Null leaves it to the door that the
 * task comes through, and to the operator's other settings.
 */
export interface TaskType {
  readonly name: string;
  readonly timeoutSeconds: number | null;
  readonly maxRetries: number | null;
  readonly backoff: Backoff;
  /** What a payload has to be; null takes any. */
  readonly payload: Rule | null;
}
