import { Retention } from '@task/domain';
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
export class KeepRetention {
  private isStopped = false;
  private cancel: () => void = () => undefined;
  private place = 0;
  private roundAt = -Infinity;

  constructor(
    private readonly archive: Archive,
    private readonly policy: Policy,
    private readonly timers: Timers,
  ) {}

  start(): void {
    this.schedule(INTERVAL_MS);
  }

  stop(): void {
    this.isStopped = true;
    this.cancel();
  }

  private schedule(ms: number): void {
    if (this.isStopped) return;
    this.cancel = this.timers.after(ms, () => {
      // A database that is away is told by readiness; the next interval tries again.
      void this.turn()
        .catch(() => false)
        .then((hasMore) => this.schedule(hasMore ? PAUSE_MS : INTERVAL_MS));
    });
  }

  /** @returns whether more may be left to be archived now */
  private async turn(): Promise<boolean> {
    const { retentionMs } = this.policy;
    if (retentionMs === null) {
      this.roundAt = -Infinity;
      return false;
    }
    this.beginRound();
    const { readTo, hasMore } = await this.archive.step(new Retention(retentionMs), this.place, STEP);
    this.place = readTo;
    return hasMore;
  }

  private beginRound(): void {
    const now = this.timers.monotonic();
    if (now - this.roundAt < ROUND_MS) return;
    this.roundAt = now;
    this.place = 0;
  }
}
