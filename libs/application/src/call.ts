/** Tells that nobody waits for an answer any more: the request timed out, or its caller hung up. */
export interface Cancellation {
  readonly aborted: boolean;
}

/** Who calls a use case, and whether the answer is still wanted. */
export interface Call {
  /** Name of the caller's key: it is kept as `created_by` and `updated_by`. */
  readonly actor: string;
  readonly signal: Cancellation;
}
