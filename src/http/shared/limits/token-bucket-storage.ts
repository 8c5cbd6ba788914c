import { Injectable } from '@nestjs/common';
import type { ThrottlerStorage } from '@nestjs/throttler';
import type { Allowance, BucketSizes } from './allowance';
import { Allowances } from './allowances';

type Increment = ThrottlerStorage['increment'];

const MOST_CALLERS = 20_000;

/**
 * All token buckets of a service, as the storage of `@nestjs/throttler`: its guard asks {@link increment}. The edge,
 * which limits before any guard can, looks into the same storage, and spends from several buckets all or nothing.
 */
@Injectable()
export class TokenBucketStorage implements ThrottlerStorage {
  private readonly byThrottler = new Map<string, Allowances>();

  /** The refilled allowance of one key under one throttler. @param periodMs how long its requests are meant to last */
  of(throttler: string, key: string, sizes: BucketSizes, periodMs?: number): Allowance {
    return this.allowances(throttler).of(key, sizes, performance.now(), periodMs);
  }

  /**
   * Spends a request of so many in `ttl` ms. Where the package's own storage shuts a key out for a time, a bucket lets
   * the next request through as soon as it has a token again.
   */
  readonly increment: Increment = (key, ttl, limit, _blockDuration, throttlerName) => {
    const allowance = this.of(throttlerName, key, { requestsPerMinute: limit, burstSize: 0 }, ttl);
    const isBlocked = !allowance.take();
    return Promise.resolve({
      totalHits: limit - allowance.remaining + (isBlocked ? 1 : 0),
      timeToExpire: Math.ceil(allowance.fullInMs / 1000),
      isBlocked,
      timeToBlockExpire: isBlocked ? allowance.retryAfterSeconds : 0,
    });
  };

  private allowances(throttler: string): Allowances {
    const known = this.byThrottler.get(throttler);
    if (known !== undefined) return known;
    const fresh = new Allowances(MOST_CALLERS);
    this.byThrottler.set(throttler, fresh);
    return fresh;
  }
}
