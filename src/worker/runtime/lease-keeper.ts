import type { Timers } from '@task/application';
import { nextTryMs } from './next-try';
import { pause } from './pause';
import { HoldEnded, SourceRefused, type Hold, type ProgressReport, type WorkSource } from './work-source';

/** Between two reports of progress: whoever watches sees no more, and the queue has other things to do. */
const REPORTS_APART_MS = 500;

/** What a lease keeper needs. */
export interface LeaseKeeperParts {
  readonly source: WorkSource;
  readonly hold: Hold;
  readonly leaseMs: number;
  readonly timers: Timers;
  readonly random: () => number;
  /** Told once, when the task is not in this worker's hands any more. */
  readonly onEnd: (ended: HoldEnded) => void;
}

/**
 * Renews the lease of one task at a third of its length, with the news of progress as they come. When the queue does
 * not answer, it asks again until the lease is over; from then on somebody else may have the task.
 */
export class LeaseKeeper {
  private readonly stopped = new AbortController();
  private news = new AbortController();
  private report: ProgressReport | null = null;
  private cancelExpiry: () => void = () => undefined;

  constructor(private readonly parts: LeaseKeeperParts) {}

  /** Begins, right after the claim. */
  start(): void {
    this.expireAfter(this.parts.leaseMs);
    void this.keep();
  }

  /** Sends this when there is time; of several, the last one. */
  tell(report: ProgressReport): void {
    this.report = { ...this.report, ...report };
    this.news.abort();
  }

  /** The attempt is over. */
  stop(): void {
    this.stopped.abort();
    this.news.abort();
    this.cancelExpiry();
  }

  private async keep(): Promise<void> {
    const { timers, leaseMs, random } = this.parts;
    for (let failures = 0, waitMs = leaseMs / 3; ;) {
      await this.waitForNews(waitMs);
      if (this.stopped.signal.aborted) return;
      try {
        await this.renew();
        failures = 0;
        waitMs = leaseMs / 3;
        await pause(timers, Math.min(REPORTS_APART_MS, waitMs), this.stopped.signal);
      } catch (error) {
        if (error instanceof HoldEnded) {
          this.end(error);
          return;
        }
        waitMs = Math.min(nextTryMs(error, failures, random), leaseMs / 3);
        failures += 1;
        await pause(timers, waitMs, this.stopped.signal);
        waitMs = 0;
      }
    }
  }

  /** Not while nothing is new: a report that came in the meantime is sent at once. */
  private async waitForNews(ms: number): Promise<void> {
    if (this.report !== null) return;
    this.news = new AbortController();
    if (!this.stopped.signal.aborted) await pause(this.parts.timers, ms, this.news.signal);
  }

  private async renew(): Promise<void> {
    const { source, hold, timers, leaseMs } = this.parts;
    const report = this.report;
    this.report = null;
    const sentAt = timers.monotonic();
    try {
      await (report === null ? source.heartbeat(hold) : source.progress(hold, report));
    } catch (error) {
      // What came meanwhile is newer. What is refused would be refused again, and the lease would run out over it.
      if (error instanceof SourceRefused) throw error;
      if (report !== null) this.report = { ...report, ...(this.report as ProgressReport | null) };
      throw error;
    }
    // The lease counts from when the queue took it down, which was not before it was asked.
    this.expireAfter(leaseMs - (timers.monotonic() - sentAt));
  }

  private expireAfter(ms: number): void {
    this.cancelExpiry();
    if (this.stopped.signal.aborted) return;
    this.cancelExpiry = this.parts.timers.after(Math.max(0, ms), () =>
      this.end(new HoldEnded('lost', 'the lease ran out while the service could not be reached')),
    );
  }

  private end(ended: HoldEnded): void {
    if (this.stopped.signal.aborted) return;
    this.stop();
    this.parts.onEnd(ended);
  }
}
