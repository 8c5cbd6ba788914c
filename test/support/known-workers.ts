import {
  StoreUnavailable,
  WorkerDirectory,
  type Cancellation,
  type WorkerCounts,
  type WorkerRecord,
} from '@task/application';

/** Knows the workers that it was given, and remembers what it was asked. */
export class KnownWorkers extends WorkerDirectory {
  /** Limits and offsets of the pages that were asked for. */
  readonly asked: (readonly number[])[] = [];
  /** Names of the workers that were taken down, in order. */
  readonly seen: string[] = [];

  constructor(
    private readonly known: readonly WorkerRecord[] = [],
    private readonly held: readonly string[] = [],
  ) {
    super();
  }

  override list(limit: number, offset: number): Promise<{ workers: readonly WorkerRecord[]; total: number }> {
    this.asked.push([limit, offset]);
    return Promise.resolve({ workers: this.known, total: this.known.length });
  }

  override find(workerId: string): Promise<WorkerRecord | null> {
    return Promise.resolve(this.known.find((worker) => worker.workerId === workerId) ?? null);
  }

  override count(aliveSince: number): Promise<WorkerCounts> {
    const alive = this.known.filter(({ lastSeen }) => lastSeen >= aliveSince);
    const busy = alive.filter(({ holds }) => holds.length > 0);
    return Promise.resolve({ known: this.known.length, alive: alive.length, busy: busy.length });
  }

  override heldBy(): Promise<readonly string[]> {
    return Promise.resolve(this.held);
  }

  override slotsOf(): Promise<readonly string[]> {
    return Promise.resolve([]);
  }

  override async see(workerId: string, { aborted }: Cancellation): Promise<void> {
    await Promise.resolve();
    if (aborted) throw new StoreUnavailable('timed_out');
    this.seen.push(workerId);
  }
}
