import { dependencyEnded } from '@task/domain';
import { PeriodicDuty } from '../health/periodic-duty';
import type { CommitFeed } from '../ports/commit-feed';
import type { ConcurrencyKeys } from '../ports/concurrency-keys';
import type { TaskStore } from '../ports/task-store';
import type { Timers } from '../ports/timers';

/** Dependents that are told in one transaction, so that claims never wait long behind a wide fan-out. */
const STEP = 500;
/** How often it is looked for what another instance, or a crash, has left to be told. */
const INTERVAL_MS = 1_000;
const STRANDED_KEYS = 100;

/**
 * Tells tasks that wait for others how those ended: at once for what this process commits, and within a second for
 * what anybody else has left over. Runs on every instance at once.
 */
export class TellDependents extends PeriodicDuty {
  private isRunning = false;
  private isCalled = false;
  private unsubscribe: () => void = () => undefined;

  constructor(
    private readonly tasks: TaskStore,
    private readonly keys: ConcurrencyKeys,
    timers: Timers,
    private readonly commits: CommitFeed,
  ) {
    super(timers, INTERVAL_MS);
  }

  override start(): void {
    this.unsubscribe = this.commits.subscribe(({ hasEndedDependency }) => {
      if (hasEndedDependency) void this.run();
    });
    super.start();
  }

  override stop(): void {
    super.stop();
    this.unsubscribe();
  }

  protected async turn(): Promise<void> {
    await this.run();
    await this.keys.settleStranded(STRANDED_KEYS);
  }

  /** One run at a time; whoever calls meanwhile lets it look once more. */
  private async run(): Promise<void> {
    this.isCalled = true;
    if (this.isRunning) return;
    this.isRunning = true;
    try {
      while (this.isCalled && !this.isStopped) {
        this.isCalled = false;
        if ((await this.tasks.tellDependents(STEP, dependencyEnded)) > 0) this.isCalled = true;
      }
    } catch {
      // What is not told now is told at the next interval.
    } finally {
      this.isRunning = false;
    }
  }
}
