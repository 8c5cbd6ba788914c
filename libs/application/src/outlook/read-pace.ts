import type { Pace } from '@task/domain';
import type { Clock } from '../ports/clock';
import type { Statistics } from '../ports/statistics';
import type { Timers } from '../ports/timers';
import type { WorkerDirectory } from '../ports/worker-directory';

interface Known {
  readonly at: number;
  readonly pace: Promise<Pace>;
}

/** An average of all times does not change from one task to the next. */
const GOOD_FOR_MS = 1_000;
const MOST_TYPES = 1_000;

/** Reads how long tasks of a type take, and how many workers there are for them: anew once a second at most. */
export class ReadPace {
  private readonly known = new Map<string, Known>();

  constructor(
    private readonly statistics: Statistics,
    private readonly workers: WorkerDirectory,
    private readonly clock: Clock,
    private readonly timers: Timers,
  ) {}

  /** @param aliveMs how long after its last sign of life a worker is alive */
  async execute(taskType: string, aliveMs: number): Promise<Pace> {
    const now = this.timers.monotonic();
    const known = this.known.get(taskType);
    if (known !== undefined && now - known.at < GOOD_FOR_MS) return known.pace;
    if (this.known.size >= MOST_TYPES) this.known.clear();
    const pace = this.read(taskType, aliveMs);
    this.known.set(taskType, { at: now, pace });
    // What failed is not to be told to whoever asks next.
    pace.catch(() => this.known.delete(taskType));
    return pace;
  }

  private async read(taskType: string, aliveMs: number): Promise<Pace> {
    const [[type], { alive }] = await Promise.all([
      this.statistics.types({ taskType }, 1),
      this.workers.count(this.clock.now() - aliveMs),
    ]);
    const completed = type?.tasks.completed ?? 0;
    const meanMs = type === undefined || completed === 0 ? null : type.processingMs / completed;
    return { meanMs, workersAlive: alive };
  }
}
