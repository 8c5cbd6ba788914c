import type { Pulse } from '../health/pulses';
import type { Clock } from '../ports/clock';
import type { ScheduleStore } from '../ports/schedule-store';
import type { Timers } from '../ports/timers';
import type { ScheduledRuns } from './scheduled-runs';

/** How often schedules are looked at: at the beginning of each second. */
const INTERVAL_MS = 1_000;
/** Clocks of a server and its database differ by so much without anybody noticing: not before the second has begun. */
const MARGIN_MS = 20;
/** Schedules that run in one transaction, so that claims never wait long behind many that are due at once. */
const STEP = 50;

/**
 * Lets schedules make their tasks when they are due. The store's clock decides: one that is set back repeats nothing,
 * since what has come has moved its schedule on; over what one that is set forward leaps, each schedule's own policy
 * decides. Runs on every instance at once.
 */
export class RunSchedules implements Pulse {
  private isStopped = false;
  private cancel: () => void = () => undefined;
  private turnedAt: number | null = null;
  private lastMs: number | null = null;

  constructor(
    private readonly schedules: ScheduleStore,
    private readonly runs: ScheduledRuns,
    private readonly clock: Clock,
    private readonly timers: Timers,
  ) {}

  /** How long ago it should have come on; one that takes many steps is on time. */
  get behindMs(): number {
    if (this.turnedAt === null || this.isStopped) return 0;
    return Math.max(0, this.timers.monotonic() - this.turnedAt - INTERVAL_MS);
  }

  /** How long it took to run all that was due, ms. */
  get lastTurnMs(): number | null {
    return this.lastMs;
  }

  start(): void {
    this.turnedAt = this.timers.monotonic();
    this.wait();
  }

  stop(): void {
    this.isStopped = true;
    this.cancel();
  }

  private wait(): void {
    if (this.isStopped) return;
    const sinceBeginning = (this.clock.now() - MARGIN_MS) % INTERVAL_MS;
    this.cancel = this.timers.after(INTERVAL_MS - sinceBeginning, () => {
      // A database that is away is told by readiness; the next second tries again.
      void this.turn()
        .catch(() => undefined)
        .then(() => this.wait());
    });
  }

  private async turn(): Promise<void> {
    const begun = this.timers.monotonic();
    let moved: number;
    do {
      moved = await this.schedules.runDue(STEP, (schedule, now, waiting) =>
        this.runs.due(schedule, now, waiting),
      );
      this.turnedAt = this.timers.monotonic();
    } while (moved > 0 && !this.isStopped);
    this.lastMs = this.turnedAt - begun;
  }
}
