import type { Constraints, Reason, Violation } from '@task/domain';

/** What the edge itself refuses, before or beside the queue's own rules. Each dialect gives every kind its status. */
export type RefusalKind =
  | 'invalid'
  | 'unauthorized'
  | 'forbidden'
  | 'cross_site'
  | 'not_found'
  | 'worker_not_found'
  | 'concurrency_key_not_found'
  | 'method_not_allowed'
  | 'payload_too_large'
  | 'unsupported_media_type'
  | 'rate_limited'
  | 'request_timed_out'
  | 'too_many_streams'
  | 'unknown_host'
  | 'address_refused'
  | 'https_required'
  | 'headers_too_large'
  | 'malformed_message'
  | 'request_too_slow';

/** Figures about a refusal: `{max_bytes: 2097152}`. */
export type RefusalDetails = Readonly<Record<string, unknown>>;

/** A request that is refused by the edge: expected, answered to the caller, never logged as a fault. */
export class Refusal extends Error {
  constructor(
    readonly kind: RefusalKind,
    readonly details: RefusalDetails = {},
    readonly headers: Readonly<Record<string, string>> = {},
    /** Only of an invalid request. */
    readonly violations: readonly Violation[] = [],
  ) {
    super(kind);
  }

  /** Refuses a request for what its fields say. */
  static ofFields(violations: readonly Violation[]): Refusal {
    return new Refusal('invalid', {}, {}, violations);
  }

  /** Refuses a request for what its query says. */
  static ofQuery(violations: readonly Violation[]): Refusal {
    return new Refusal('invalid', { in: 'query' }, {}, violations);
  }

  /** Refuses a request for one field. */
  static ofField(field: string, reason: Reason, constraints: Constraints = {}): Refusal {
    return Refusal.ofFields([{ field, reason, constraints }]);
  }
}
