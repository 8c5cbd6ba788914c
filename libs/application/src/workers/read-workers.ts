import type { WorkerDirectory, WorkerRecord } from '../ports/worker-directory';

/** Reads which workers there are, and what they hold. */
export class ReadWorkers {
  constructor(private readonly workers: WorkerDirectory) {}

  list(limit: number, offset: number): Promise<{ workers: readonly WorkerRecord[]; total: number }> {
    return this.workers.list(limit, offset);
  }

  /** The worker of this name, or null when it was never seen. */
  find(workerId: string): Promise<WorkerRecord | null> {
    return this.workers.find(workerId);
  }
}
