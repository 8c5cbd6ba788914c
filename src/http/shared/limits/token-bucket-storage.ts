import { Injectable } from '@nestjs/common';
import type { SharedLevels } from '@task/application';
import type { ThrottlerStorage } from '@nestjs/throttler';
import { Allowance, type BucketSizes } from './allowance';
import { Allowances } from './allowances';
import { DrawnAllowance } from './drawn-allowance';
import type { Spendable } from './spendable';

type Increment = ThrottlerStorage['increment'];

const MOST_CALLERS = 20_000;

/**
 * All token buckets of a service, as the storage of `@nestjs/throttler`: its guard asks {@link increment}. The edge,
 * which limits before any guard can, looks into the same storage, and spends from several buckets all or nothing.
 * Where several instances limit together, requests are drawn from what they share.
 */
@Injectable()
export class TokenBucketStorage implements ThrottlerStorage {
  private readonly byThrottler = new Map<string, Allowances<Allowance | DrawnAllowance>>();

  /** @param levels what several instances share; null for one that limits alone */
  constructor(private readonly levels: SharedLevels | null = null) {}

  /** The refilled allowance of one key under one throttler. @param periodMs how long its requests are meant to last */
  of(throttler: string, key: string, sizes: BucketSizes, periodMs?: number): Spendable {
    return this.allowances(throttler).of(key, sizes, performance.now(), periodMs);
  }

  /**
   * Finds out what can be spent of these, where that is not known here. To be asked again until it is null: others may
   * have spent it meanwhile.
   */
  prepare(purse: readonly Spendable[]): Promise<unknown> | null {
    const draws = purse.flatMap((each) => (each instanceof DrawnAllowance ? (each.prepare() ?? []) : []));
    return draws.length === 0 ? null : Promise.all(draws);
  }

  /**
   * Spends a request of so many in `ttl` ms. Where the package's own storage shuts a key out for a time, a bucket lets
   * the next request through as soon as it has a token again.
   */
  readonly increment: Increment = async (key, ttl, limit, _blockDuration, throttlerName) => {
    const allowance = this.of(throttlerName, key, { requestsPerMinute: limit, burstSize: 0 }, ttl);
    for (let draw = this.prepare([allowance]); draw !== null; draw = this.prepare([allowance])) await draw;
    const isBlocked = !allowance.take();
    return {
      totalHits: limit - allowance.remaining + (isBlocked ? 1 : 0),
      timeToExpire: Math.ceil(allowance.fullInMs / 1000),
      isBlocked,
      timeToBlockExpire: isBlocked ? allowance.retryAfterSeconds : 0,
    };
  };

  private allowances(throttler: string): Allowances<Allowance | DrawnAllowance> {
    const known = this.byThrottler.get(throttler);
    if (known !== undefined) return known;
    const { levels } = this;
    const fresh = new Allowances(MOST_CALLERS, (name, now, periodMs) =>
      levels === null
        ? new Allowance(now, periodMs)
        : new DrawnAllowance(`${throttler} ${name}`, levels, now, periodMs),
    );
    this.byThrottler.set(throttler, fresh);
    return fresh;
  }
}
