import { QueueOverloaded } from '@task/domain';
import type { MemoryGauge, MemoryReading } from '../ports/memory-gauge';
import type { Policy } from '../ports/policy';
import type { Timers } from '../ports/timers';

/** How full memory is, and what follows from it. */
export interface MemoryState {
  readonly readings: readonly MemoryReading[];
  /** The share of the bound that is fullest, 0–1; 0 without a bound. */
  readonly share: number;
  /** Whether new work is refused. */
  readonly isShort: boolean;
}

/** Far less often than requests come, and often enough for those that allocate most. */
const LOOK_EVERY_MS = 200;
/** Once short, memory has to fall below this share of the limit: at the limit itself it would be short every other moment. */
const ENOUGH = 0.9;
/**
 * What nobody needs any more is found when there is much to do, or nothing. With the little that is let in while memory
 * is short neither may come.
 */
const RECLAIM_EVERY_MS = 10_000;
/** A share that nothing exceeds: the operator refuses nothing. */
const NEVER = 1;

/**
 * Keeps the last of the memory for those who make the queue shorter. What makes it longer or reads much of it is
 * refused while memory is short; claims, signs of life and completions go on. Source: NFR-002.3.
 */
export class MemoryGuard {
  private lookedAt = -Infinity;
  private latest: MemoryState = { readings: [], share: 0, isShort: false };
  private turnedAway = 0;
  /** When memory became short, or was last reclaimed since. */
  private waitedSince = 0;

  constructor(
    private readonly gauge: MemoryGauge,
    private readonly policy: Pick<Policy, 'maxMemoryShare'>,
    private readonly timers: Pick<Timers, 'monotonic'>,
  ) {}

  /** Lets new work in, or a read of much. @throws QueueOverloaded while memory is short */
  admit(): void {
    if (!this.state.isShort) return;
    this.turnedAway += 1;
    throw new QueueOverloaded();
  }

  /** How often {@link admit} refused. */
  get refused(): number {
    return this.turnedAway;
  }

  /** As it is now, or was a moment ago. */
  get state(): MemoryState {
    const now = this.timers.monotonic();
    if (now - this.lookedAt >= LOOK_EVERY_MS) {
      this.lookedAt = now;
      this.latest = this.look();
    }
    return this.latest;
  }

  private look(): MemoryState {
    const now = this.timers.monotonic();
    if (!this.latest.isShort) this.waitedSince = now;
    else if (now - this.waitedSince >= RECLAIM_EVERY_MS) {
      this.gauge.reclaim();
      this.waitedSince = now;
    }
    const readings = this.gauge.read();
    const share = Math.max(0, ...readings.map(shareOf));
    const { maxMemoryShare: most } = this.policy;
    const limit = this.latest.isShort ? most * ENOUGH : most;
    return { readings, share, isShort: most < NEVER && share >= limit };
  }
}

/** How much of a bound is used, 0–1. */
export function shareOf({ usedBytes, limitBytes }: MemoryReading): number {
  return usedBytes / limitBytes;
}
