import type { EpochMs } from '@task/domain';
import type { Origin } from '../call';
import type { AuditLog, AuditRecord } from '../ports/audit-log';
import type { Clock } from '../ports/clock';
import type { Timers } from '../ports/timers';

/** A request that was not let in. */
export interface Refused {
  /** Whose requests are counted together: an address, or the network that one customer has. */
  readonly crowd: string;
  /** Name of the caller's key; null for a caller without a valid one. */
  readonly actor: string | null;
  /** Why, in one word. */
  readonly reason: string;
  /** What it asked for: method and pattern of the route, never the path, which can hold anything. */
  readonly route: string;
  readonly origin: Origin;
}

interface Tally {
  readonly first: Refused;
  readonly since: EpochMs;
  until: EpochMs;
  count: number;
}

const WINDOW_MS = 60_000;
/** Crowds that are told apart in a window; the others are counted as one. */
const MOST_CROWDS = 1_000;
const OTHERS = 'others';

/**
 * Writes down who was not let in, without letting anybody fill the disk by it: refusals alike of one crowd come to one
 * row a minute with their count, and of a flood from everywhere there are never more than 1 001 rows a minute. They are
 * kept in memory until then: a killed process loses the last minute.
 */
export class RefusedAccess {
  private tallies = new Map<string, Tally>();
  private cancelTimer: (() => void) | null = null;

  constructor(
    private readonly audit: AuditLog,
    private readonly clock: Clock,
    private readonly timers: Timers,
  ) {}

  /** Counts a refusal; costs no write by itself. */
  note(refused: Refused): void {
    const own = JSON.stringify([refused.crowd, refused.actor, refused.reason]);
    const isOther = !this.tallies.has(own) && this.tallies.size >= MOST_CROWDS;
    const key = isOther ? OTHERS : own;
    const now = this.clock.now();
    const tally = this.tallies.get(key) ?? {
      first: isOther ? anybody(refused) : refused,
      since: now,
      until: now,
      count: 0,
    };
    tally.count += 1;
    tally.until = now;
    this.tallies.set(key, tally);
    this.cancelTimer ??= this.timers.after(WINDOW_MS, () => void this.flush().catch(() => undefined));
  }

  /** Writes down what was counted so far. What cannot be written now is counted on. @throws StoreUnavailable */
  async flush(): Promise<void> {
    this.cancelTimer?.();
    this.cancelTimer = null;
    const { tallies } = this;
    if (tallies.size === 0) return;
    this.tallies = new Map();
    try {
      await this.audit.record(...[...tallies.values()].map(recordOf));
    } catch (error) {
      for (const [key, tally] of tallies) this.countOn(key, tally);
      throw error;
    }
  }

  private countOn(key: string, tally: Tally): void {
    const newer = this.tallies.get(key);
    if (newer === undefined && this.tallies.size > MOST_CROWDS) return;
    this.tallies.set(key, {
      ...tally,
      until: newer?.until ?? tally.until,
      count: tally.count + (newer?.count ?? 0),
    });
    this.cancelTimer ??= this.timers.after(WINDOW_MS, () => void this.flush().catch(() => undefined));
  }
}

function anybody({ reason, route }: Refused): Refused {
  return { crowd: OTHERS, actor: null, reason, route, origin: { address: null, requestId: null } };
}

function recordOf({ first, since, until, count }: Tally): AuditRecord {
  const { actor, reason, route, origin } = first;
  const span = { since: new Date(since).toISOString(), until: new Date(until).toISOString() };
  return {
    ...{ actor, action: 'access.refused', outcome: 'refused', target: route, origin, count },
    details: { reason, ...span },
  };
}
