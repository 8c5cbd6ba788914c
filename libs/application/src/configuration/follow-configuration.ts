import { PeriodicDuty } from '../health/periodic-duty';
import type { SettingsStore } from '../ports/settings-store';
import type { Timers } from '../ports/timers';
import type { ChangeConfiguration } from './change-configuration';

/** How often it is looked, whether anything was told or not. */
const LOOK_EVERY_MS = 1_000;

/**
 * Takes in what others change in the same database: as soon as it is told, and within a second or two in any case.
 * Needed only where there are others: a SQLite file has one owner. Safe to run on every instance at once.
 */
export class FollowConfiguration extends PeriodicDuty {
  private unwatch: (() => void) | null = null;
  private lastProblem = '';

  /** @param onProblem is told of what cannot be taken in, once for each thing that is wrong */
  constructor(
    private readonly change: Pick<ChangeConfiguration, 'takeIn'>,
    private readonly store: Pick<SettingsStore, 'watch'>,
    timers: Timers,
    private readonly onProblem: (problem: Error) => void,
  ) {
    super(timers, LOOK_EVERY_MS);
  }

  /** Looks from now on. */
  override start(): void {
    this.unwatch = this.store.watch(() => void this.turn());
    super.start();
  }

  /** Looks no more. */
  override stop(): void {
    super.stop();
    this.unwatch?.();
  }

  protected async turn(): Promise<void> {
    try {
      await this.change.takeIn();
      this.lastProblem = '';
    } catch (error) {
      this.tell(error instanceof Error ? error : new Error(String(error)));
    }
  }

  private tell(problem: Error): void {
    if (problem.message === this.lastProblem) return;
    this.lastProblem = problem.message;
    this.onProblem(problem);
  }
}
