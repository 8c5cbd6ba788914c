import type { Spendable } from './spendable';
import { TokenBucket } from './token-bucket';

/** Sizes of one caller's buckets; 0 for no limit. */
export interface BucketSizes {
  readonly requestsPerMinute: number;
  readonly burstSize: number;
}

/** How long the bucket of a minute's requests takes to fill, ms. */
export const MINUTE_MS = 60_000;
const SECOND_MS = 1_000;

/**
 * What one caller may still ask: a token bucket of a minute's requests, refilled steadily, and one of a burst,
 * refilled each second. Beside them, a bucket of refusals: while there are some left, the writes of lease holders cost
 * nothing, and a flood of writes by somebody who holds nothing comes to be limited like everything else.
 * Times are in milliseconds of one monotonic clock. Source: behaviour.md 10.
 */
export class Allowance implements Spendable {
  private readonly steady: TokenBucket;
  private readonly burst = new TokenBucket(SECOND_MS);
  private readonly patience: TokenBucket;
  private sizes: BucketSizes = { requestsPerMinute: 0, burstSize: 0 };

  /** @param periodMs how long its requests are meant to last, where that is not a minute */
  constructor(
    private refilledAt: number,
    periodMs = MINUTE_MS,
  ) {
    this.steady = new TokenBucket(periodMs);
    this.patience = new TokenBucket(periodMs);
  }

  /** Gives back what time has earned. To be called before anything else is asked. */
  refill(sizes: BucketSizes, now: number): void {
    const elapsedMs = Math.max(0, now - this.refilledAt);
    this.refilledAt = Math.max(now, this.refilledAt);
    this.sizes = sizes;
    this.steady.refill(sizes.requestsPerMinute, elapsedMs);
    this.burst.refill(sizes.burstSize, elapsedMs);
    this.patience.refill(sizes.requestsPerMinute, elapsedMs);
  }

  /** How many of its requests are out, for whoever keeps that elsewhere. */
  get levels(): { readonly steadyOut: number; readonly burstOut: number } {
    return { steadyOut: this.steady.outside, burstOut: this.burst.outside };
  }

  /** Takes over how many of its requests are out. */
  restore({ steadyOut, burstOut }: Allowance['levels']): void {
    this.steady.restore(steadyOut);
    this.burst.restore(burstOut);
  }

  /** Whether there is a request left. */
  get hasOne(): boolean {
    return this.steady.hasOne && this.burst.hasOne;
  }

  /** Spends a request. @returns false when none is left, and nothing was spent */
  take(): boolean {
    if (!this.hasOne) return false;
    this.steady.take(1);
    this.burst.take(1);
    return true;
  }

  /** A request that was taken should have been another's. */
  putBack(): void {
    this.steady.putBack();
    this.burst.putBack();
  }

  /** Whether a holder's write is still believed to be one. */
  get isPatient(): boolean {
    return this.patience.hasOne;
  }

  /** Counts refusals of holders' writes. */
  tryPatience(refusals = 1): void {
    this.patience.take(refusals);
  }

  /** Requests of a whole minute; 0 for no limit. */
  get limit(): number {
    return this.sizes.requestsPerMinute;
  }

  /** Whole requests left of the minute. */
  get remaining(): number {
    return this.steady.left;
  }

  /** Milliseconds until the minute's bucket is full again. */
  get fullInMs(): number {
    return this.steady.fullInMs;
  }

  /** Whole seconds until a request is let through again, at least 1. */
  get retryAfterSeconds(): number {
    return Math.max(1, Math.ceil(Math.max(this.steady.nextInMs, this.burst.nextInMs) / SECOND_MS));
  }
}
