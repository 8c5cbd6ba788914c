import { PeriodicDuty } from '../health/periodic-duty';
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
export class RunSchedules extends PeriodicDuty {
  constructor(
    private readonly schedules: ScheduleStore,
    private readonly runs: ScheduledRuns,
    private readonly clock: Clock,
    timers: Timers,
  ) {
    super(timers, INTERVAL_MS);
  }

  protected override pauseMs(): number {
    return INTERVAL_MS - ((this.clock.now() - MARGIN_MS) % INTERVAL_MS);
  }

  protected async turn(): Promise<void> {
    const begunAt = this.timers.monotonic();
    let moved: number;
    do {
      moved = await this.schedules.runDue(STEP, (schedule, now, waiting) =>
        this.runs.due(schedule, now, waiting),
      );
      this.comeOn();
    } while (moved > 0 && !this.isStopped);
    this.finish(begunAt);
  }
}
