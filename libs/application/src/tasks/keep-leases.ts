import { PeriodicDuty } from '../health/periodic-duty';
import type { Clock } from '../ports/clock';
import type { Policy } from '../ports/policy';
import { StoreUnavailable, type StoreFault } from '../ports/store-unavailable';
import type { TaskStore } from '../ports/task-store';
import type { Timers } from '../ports/timers';
import { retryOf } from './retry-of';

/** How often leases are looked at: a task is free at most this long, and one transaction, after its lease ended. */
const INTERVAL_MS = 1_000;
/** Tasks taken in one transaction, so that claims never wait long behind a sweep. */
const STEP = 200;
/** A pause of the process longer than this, and workers that live could not renew. */
const PAUSE_MS = 3 * INTERVAL_MS;
/** What workers get after such a pause, after a start, and when the store comes back that was away. */
const GRACE_MS = 3 * INTERVAL_MS;
/** Clocks differ by so much without anybody having set one. */
const DRIFT_MS = 500;
const OUTCOMES_FORGOTTEN = 500;
/** Faults in which nobody can renew: a store that has too much to do goes on for those who do, unless it lasts. */
const AWAY: readonly StoreFault[] = ['unreachable', 'no_space', 'file_gone', 'unknown'];

/**
 * Takes tasks from workers whose lease or time-out ran out. The monotonic clock decides: when somebody sets the
 * clock, leases are moved along first. After a pause of the whole process (a suspended machine, SIGSTOP), and after
 * the store was away, the first sweep waits, so that live workers can renew. Runs on every instance at once.
 */
export class KeepLeases extends PeriodicDuty {
  private sweptAt: number | null = null;
  private wallAt = 0;
  private monotonicAt = 0;
  private notBefore = 0;
  private wasAway = false;
  /** Whether no sweep has succeeded since the store was away: that it answers does not mean that it takes any. */
  private isReturning = false;

  constructor(
    private readonly tasks: TaskStore,
    private readonly policy: Policy,
    private readonly clock: Clock,
    timers: Timers,
  ) {
    super(timers, INTERVAL_MS);
  }

  /** When the last sweep ended, on the monotonic clock, ms; null before the first. */
  get lastSweepAt(): number | null {
    return this.sweptAt;
  }

  override start(): void {
    this.monotonicAt = this.timers.monotonic();
    this.wallAt = this.clock.now();
    this.notBefore = this.monotonicAt + GRACE_MS;
    super.start();
  }

  protected async turn(): Promise<void> {
    try {
      await this.sweep();
    } catch (error) {
      this.wasAway ||= error instanceof StoreUnavailable && (AWAY.includes(error.fault) || this.isOverdue);
    }
  }

  /** Whatever the store says: where no sweep came through for so long, no worker may have come through either. */
  private get isOverdue(): boolean {
    return this.timers.monotonic() - (this.sweptAt ?? this.monotonicAt) > PAUSE_MS;
  }

  private async sweep(): Promise<void> {
    const begunAt = this.timers.monotonic();
    if (this.wasAway) await this.welcomeBack();
    for (;;) {
      await this.followClock();
      if (this.timers.monotonic() < this.notBefore) {
        if (!this.isReturning) this.comeOn();
        return;
      }
      const taken = await this.tasks.lapse(STEP, (task, now) =>
        // The process may have stood still between the question and its turn.
        this.sinceNoted() > PAUSE_MS ? { task, effects: [] } : task.lapse(retryOf(this.policy, task), now),
      );
      this.isReturning = false;
      this.comeOn();
      if (taken < STEP || this.isStopped) break;
    }
    await this.forget();
    this.sweptAt = this.finish(begunAt);
  }

  /** As many as there are, however many are kept in a second; but the next sweep must not wait for it. */
  private async forget(): Promise<void> {
    const end = this.timers.monotonic() + INTERVAL_MS / 2;
    for (;;) {
      const forgotten = await this.tasks.forgetOutcomes(OUTCOMES_FORGOTTEN);
      if (forgotten < OUTCOMES_FORGOTTEN || this.isStopped || this.timers.monotonic() >= end) return;
    }
  }

  /** Nobody could renew meanwhile. @throws StoreUnavailable while it still is away */
  private async welcomeBack(): Promise<void> {
    await this.tasks.ping();
    this.wasAway = false;
    this.isReturning = true;
    this.notBefore = this.timers.monotonic() + GRACE_MS;
  }

  /** Before each step, so that neither a pause nor a jump in the middle of a long sweep goes unnoticed. */
  private async followClock(): Promise<void> {
    const monotonic = this.timers.monotonic();
    const wall = this.clock.now();
    const passed = this.sinceNoted();
    const jumped = wall - this.wallAt - passed;
    if (passed > PAUSE_MS) this.notBefore = monotonic + GRACE_MS;
    if (Math.abs(jumped) > DRIFT_MS) {
      await this.tasks.shiftLeases(Math.round(jumped), wall, Math.ceil(passed));
    }
    this.monotonicAt = monotonic;
    this.wallAt = wall;
  }

  private sinceNoted(): number {
    return this.timers.monotonic() - this.monotonicAt;
  }
}
