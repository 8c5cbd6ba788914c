import { Retention } from '@task/domain';
import { PeriodicDuty } from '../health/periodic-duty';
import type { Archive } from '../ports/archive';
import type { Policy } from '../ports/policy';
import type { Timers } from '../ports/timers';

/** How often it is looked for tasks whose time is over. */
const INTERVAL_MS = 60_000;
/** Between two steps whatever waits to be written goes on. */
const PAUSE_MS = 50;
/** Events that a step looks at. */
const STEP = 500;
/** So often everything is looked at again: what was left out the last time, since somebody held it. */
const ROUND_MS = 3_600_000;

/**
 * Archives tasks that ended longer ago than the operator keeps them, little by little. Runs on every instance at once.
 */
export class KeepRetention extends PeriodicDuty {
  private place = 0;
  private roundAt = -Infinity;
  /** Whether more may be left to be archived now. */
  private hasMore = false;

  constructor(
    private readonly archive: Archive,
    private readonly policy: Policy,
    timers: Timers,
  ) {
    super(timers, INTERVAL_MS);
  }

  protected override pauseMs(): number {
    return this.hasMore ? PAUSE_MS : INTERVAL_MS;
  }

  protected async turn(): Promise<void> {
    this.hasMore = false;
    const { retentionMs } = this.policy;
    if (retentionMs === null) {
      this.roundAt = -Infinity;
      return;
    }
    this.beginRound();
    const { readTo, hasMore } = await this.archive.step(new Retention(retentionMs), this.place, STEP);
    this.place = readTo;
    this.hasMore = hasMore;
  }

  private beginRound(): void {
    const now = this.timers.monotonic();
    if (now - this.roundAt < ROUND_MS) return;
    this.roundAt = now;
    this.place = 0;
  }
}
