/** What a caller may still ask, wherever its buckets are. */
export interface Spendable {
  /** Whether there is a request left. */
  readonly hasOne: boolean;
  /** Spends a request. @returns false when none is left, and nothing was spent */
  take(): boolean;
  /** A request that was taken should have been another's. */
  putBack(): void;
  /** Whether a holder's write is still believed to be one. */
  readonly isPatient: boolean;
  /** Counts refusals of holders' writes. */
  tryPatience(refusals?: number): void;
  /** Requests of a whole minute; 0 for no limit. */
  readonly limit: number;
  /** Whole requests left of the minute. */
  readonly remaining: number;
  /** Milliseconds until the minute's bucket is full again. */
  readonly fullInMs: number;
  /** Whole seconds until a request is let through again, at least 1. */
  readonly retryAfterSeconds: number;
}
