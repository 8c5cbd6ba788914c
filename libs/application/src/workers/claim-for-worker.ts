import type { Task } from '@task/domain';
import type { Call } from '../call';
import type { Timers } from '../ports/timers';
import type { WorkerDirectory } from '../ports/worker-directory';
import type { ClaimNextTask, ClaimNextTaskInput } from '../tasks/claim-next-task';

/** A worker that asks for work, by name. */
export interface ClaimForWorkerInput extends ClaimNextTaskInput {
  readonly workerId: string;
  /** How long ago the worker may have been taken down last, ms: each time costs a write. */
  readonly noteAfterMs: number;
}

/** Whoever is forgotten is noted once more than was needed. */
const MOST_REMEMBERED = 10_000;

/**
 * Hands the most urgent due task to a worker, or null when none is due within its time. Whoever asks lives, whether
 * there is work or not: that is taken down before the wait.
 */
export class ClaimForWorker {
  /** When workers were last taken down, on the monotonic clock, ms. */
  private readonly noted = new Map<string, number>();

  constructor(
    private readonly claimNextTask: ClaimNextTask,
    private readonly workers: WorkerDirectory,
    private readonly timers: Timers,
  ) {}

  async execute(input: ClaimForWorkerInput, call: Call): Promise<Task | null> {
    await this.note(input, call);
    return this.claimNextTask.execute(input, call);
  }

  private async note({ workerId, noteAfterMs }: ClaimForWorkerInput, { signal }: Call): Promise<void> {
    const now = this.timers.monotonic();
    if (now - (this.noted.get(workerId) ?? -Infinity) < noteAfterMs) return;
    await this.workers.see(workerId, signal);
    this.noted.delete(workerId);
    this.noted.set(workerId, now);
    const [oldest] = this.noted.keys();
    if (this.noted.size > MOST_REMEMBERED && oldest !== undefined) this.noted.delete(oldest);
  }
}
