import { Injectable } from '@nestjs/common';
import { CommitFeed, Pulses, Timers, type Pulse } from '@task/application';

/** Commits of this long are told together, ms. */
const PAUSE_MS = 10;
/** Each sleeper costs its share of a look at the log: many of them are woken less often. */
const PAUSE_MS_PER_SLEEPER = 0.2;

/**
 * Wakes everybody who follows the log of events, all together and soon after a commit that wrote some. Between events
 * it does nothing.
 */
@Injectable()
export class EventAlarm implements Pulse {
  private sleepers = new Set<() => void>();
  private written = 0;
  private isSet = false;
  private ringsAt = 0;
  private lastMs: number | null = null;

  constructor(
    commits: CommitFeed,
    private readonly timers: Timers,
    pulses: Pulses,
  ) {
    pulses.watch('events', this);
    commits.subscribe(({ lastEventId }) => {
      if (lastEventId === null) return;
      this.written += 1;
      this.set();
    });
  }

  /** Counts the commits that wrote events. To be read before the log is: what comes meanwhile is not missed then. */
  get round(): number {
    return this.written;
  }

  /** How long ago it should have rung. */
  get behindMs(): number {
    return this.isSet ? Math.max(0, this.timers.monotonic() - this.ringsAt) : 0;
  }

  /** How late it rang, ms. */
  get lastTurnMs(): number | null {
    return this.lastMs;
  }

  /** Calls back once events were written after that round, which may be already. @returns stops waiting */
  wake(after: number, sleeper: () => void): () => void {
    this.sleepers.add(sleeper);
    if (this.written !== after) this.set();
    return () => this.sleepers.delete(sleeper);
  }

  private set(): void {
    if (this.isSet || this.sleepers.size === 0) return;
    this.isSet = true;
    const pauseMs = Math.max(PAUSE_MS, this.sleepers.size * PAUSE_MS_PER_SLEEPER);
    this.ringsAt = this.timers.monotonic() + pauseMs;
    this.timers.after(pauseMs, () => this.ring());
  }

  private ring(): void {
    this.lastMs = this.behindMs;
    this.isSet = false;
    const woken = this.sleepers;
    this.sleepers = new Set();
    for (const wake of woken) wake();
  }
}
