import type { Timers } from '../ports/timers';
import type { Pulse } from './pulses';

/**
 * Something that is done again and again until it is stopped: each turn begins some time after the one before has ended.
 * Its pulse tells how far it is behind.
 */
export abstract class PeriodicDuty implements Pulse {
  protected isStopped = false;
  private cancel: () => void = () => undefined;
  private cameOnAt: number | null = null;
  private lastMs: number | null = null;

  /** @param intervalMs how often it is to come on, and how long it waits for its next turn unless it says otherwise */
  protected constructor(
    protected readonly timers: Timers,
    private readonly intervalMs: number,
  ) {}

  /** How long ago it should have come on, ms; one that takes many steps, and comes on with each, is on time. */
  get behindMs(): number {
    if (this.cameOnAt === null || this.isStopped) return 0;
    return Math.max(0, this.timers.monotonic() - this.cameOnAt - this.intervalMs);
  }

  /** How long its last whole turn took, ms; null before the first. */
  get lastTurnMs(): number | null {
    return this.lastMs;
  }

  /** Waits for its first turn. */
  start(): void {
    this.comeOn();
    this.wait();
  }

  /** Begins no turn any more; one that runs may look at `isStopped`. */
  stop(): void {
    this.isStopped = true;
    this.cancel();
  }

  /** Does what there is to be done. A database that is away is told by readiness; the next turn tries again. */
  protected abstract turn(): Promise<void>;

  /** How long to wait for the next turn, ms; asked before each. */
  protected pauseMs(): number {
    return this.intervalMs;
  }

  /** Notes that it comes on. @returns when, on the monotonic clock */
  protected comeOn(): number {
    this.cameOnAt = this.timers.monotonic();
    return this.cameOnAt;
  }

  /** Notes that all is done of a turn that began then. @returns when, on the monotonic clock */
  protected finish(begunAt: number): number {
    const endedAt = this.comeOn();
    this.lastMs = endedAt - begunAt;
    return endedAt;
  }

  private wait(): void {
    if (this.isStopped) return;
    this.cancel = this.timers.after(this.pauseMs(), () => {
      void this.turn()
        .catch(() => undefined)
        .then(() => this.wait());
    });
  }
}
