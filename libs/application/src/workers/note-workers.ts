import type { Cancellation } from '../call';
import type { Policy } from '../ports/policy';
import { StoreUnavailable } from '../ports/store-unavailable';
import type { Timers } from '../ports/timers';
import type { WorkerDirectory } from '../ports/worker-directory';

/** A worker that asks is taken down so often within the time after which it counts as gone: each time costs a write. */
const NOTES_IN_A_LIFE = 6;
/** Whoever is forgotten is noted once more than was needed. */
const MOST_REMEMBERED = 10_000;

/**
 * Takes down that workers live which ask for work and are given none. Those that are given some are taken down with
 * their claims. One for all doors of a service.
 */
export class NoteWorkers {
  /** When workers were last taken down, on the monotonic clock, ms. */
  private readonly noted = new Map<string, number>();

  constructor(
    private readonly workers: WorkerDirectory,
    private readonly timers: Timers,
    private readonly policy: Policy,
  ) {}

  /** A worker asked in vain. No reason to refuse it anything: what the store does not take now is told it later. */
  async execute(workerId: string, signal: Cancellation): Promise<void> {
    const now = this.timers.monotonic();
    const last = this.noted.get(workerId);
    if (last !== undefined && now - last < this.policy.workerTtlMs / NOTES_IN_A_LIFE) return;
    this.remember(workerId, now);
    try {
      await this.workers.see(workerId, signal);
    } catch (error) {
      this.noted.delete(workerId);
      if (!(error instanceof StoreUnavailable)) throw error;
    }
  }

  private remember(workerId: string, now: number): void {
    this.noted.delete(workerId);
    this.noted.set(workerId, now);
    const [oldest] = this.noted.keys();
    if (this.noted.size > MOST_REMEMBERED && oldest !== undefined) this.noted.delete(oldest);
  }
}
