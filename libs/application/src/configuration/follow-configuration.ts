import type { Timers } from '../ports/timers';
import type { ChangeConfiguration } from './change-configuration';

/** How often it is looked. */
const LOOK_EVERY_MS = 1_000;

/**
 * Takes in what others change in the same database, within a second or two. Needed only where there are others: a
 * SQLite file has one owner. Safe to run on every instance at once.
 */
export class FollowConfiguration {
  private cancel: (() => void) | null = null;
  private isStopped = false;
  private lastProblem = '';

  /** @param onProblem is told of what cannot be taken in, once for each thing that is wrong */
  constructor(
    private readonly change: Pick<ChangeConfiguration, 'takeIn'>,
    private readonly timers: Timers,
    private readonly onProblem: (problem: Error) => void,
  ) {}

  /** Looks from now on. */
  start(): void {
    if (this.isStopped) return;
    this.cancel = this.timers.after(LOOK_EVERY_MS, () => void this.look());
  }

  /** Looks no more. */
  stop(): void {
    this.isStopped = true;
    this.cancel?.();
  }

  private async look(): Promise<void> {
    try {
      await this.change.takeIn();
      this.lastProblem = '';
    } catch (error) {
      this.tell(error instanceof Error ? error : new Error(String(error)));
    }
    this.start();
  }

  private tell(problem: Error): void {
    if (problem.message === this.lastProblem) return;
    this.lastProblem = problem.message;
    this.onProblem(problem);
  }
}
