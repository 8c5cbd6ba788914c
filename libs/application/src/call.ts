/** Tells that nobody waits for an answer any more: the request timed out, or its caller hung up. */
export interface Cancellation {
  readonly aborted: boolean;
  /** Calls back as soon as that is so. Where it is missing, only asking tells. */
  onAbort?(tell: () => void): void;
}

/** A caller's idempotency key, and the request that it stands for. */
export interface IdempotencyKey {
  /** Digest of the caller and its key: the same key of two callers is two. */
  readonly key: string;
  /** Digest of method, path and body: another request under the same key is refused. */
  readonly fingerprint: string;
  /** Told when nothing was done again, and the answer is that of the first request. */
  readonly onReplay: () => void;
}

/** Where a call comes from, as far as it is known. */
export interface Origin {
  /** The client's network address. */
  readonly address: string | null;
  /** The id under which its request is answered and logged. */
  readonly requestId: string | null;
}

/** Who calls a use case, and whether the answer is still wanted. */
export interface Call {
  /** Name of the caller's key: it is kept as `created_by` and `updated_by`. */
  readonly actor: string;
  readonly signal: Cancellation;
  /** Absent when the caller names none. */
  readonly idempotency?: IdempotencyKey | undefined;
  /** Absent for calls that come through no door: what is written down of them has no address. */
  readonly origin?: Origin | undefined;
}
