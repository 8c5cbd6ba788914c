import type { EpochMs } from '@task/domain';

/** How full a caller's buckets are: all that instances have to know of each other to limit it together. */
export interface BucketLevels {
  /** Requests that were taken out of the minute's bucket and have not come back yet. */
  readonly steadyOut: number;
  /** The same of the burst's. */
  readonly burstOut: number;
  /** When that was so, by the store's clock. */
  readonly at: EpochMs;
}

/**
 * Finds the levels after the ones before. Pure: may be called again, on newer levels.
 * @param levels null for buckets that nobody has drawn from, or not for long
 * @param now    the store's clock
 */
export type ChangeLevels<T> = (
  levels: BucketLevels | null,
  now: EpochMs,
) => { readonly levels: BucketLevels; readonly answer: T };

/**
 * Levels of token buckets that all instances draw from. What is lost with them is that buckets are full again, and what
 * nobody has drawn from for two minutes is forgotten.
 */
export abstract class SharedLevels {
  /** Instances that draw from them, this one included. */
  abstract readonly instances: number;

  /**
   * Changes the levels of one caller's buckets, as no other instance does at the same time.
   * @throws StoreUnavailable soon, when the database gives no answer: nobody waits long for a limit
   */
  abstract change<T>(name: string, change: ChangeLevels<T>): Promise<T>;
}
