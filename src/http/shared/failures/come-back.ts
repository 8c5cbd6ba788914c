import type { StoreFault } from '@task/application';

/** After which failures it makes sense to come back, and in how many seconds. */
const RETRY_AFTER_SECONDS = {
  unreachable: 5,
  overloaded: 1,
  timed_out: 1,
  closing: 5,
  no_space: 5,
  file_gone: 5,
  unknown: 5,
  'queue.full': 5,
  'executor.full': 5,
  'queue.overloaded': 5,
  'idempotency.key_in_use': 1,
} as const satisfies Readonly<
  Record<StoreFault | 'queue.full' | 'executor.full' | 'queue.overloaded' | 'idempotency.key_in_use', number>
>;

/** What tells a caller when to come back, in an answer's details and in its headers. */
export interface ComeBack {
  readonly details: { readonly retry_after_seconds: number };
  readonly headers: Readonly<Record<string, string>>;
}

/** When to come back after a failure. */
export function comeBackAfter(failure: keyof typeof RETRY_AFTER_SECONDS): ComeBack {
  const seconds = RETRY_AFTER_SECONDS[failure];
  return { details: { retry_after_seconds: seconds }, headers: { 'Retry-After': String(seconds) } };
}
