import type { Clock } from '../ports/clock';
import { MOMENT_MS, type Statistics } from '../ports/statistics';
import type { WorkerCounts, WorkerDirectory, WorkerRecord } from '../ports/worker-directory';
import type { ReadTaskFigures, TaskFigures } from './read-task-figures';

/** How the queue is doing, and who works on it. */
export interface SystemFigures {
  readonly counts: WorkerCounts;
  /** Last seen first, so many at most. */
  readonly workers: readonly WorkerRecord[];
  /** Tasks completed a minute, over the last five. */
  readonly completedPerMinute: number;
  readonly tasks: TaskFigures;
  /** Whoever was seen then or later is alive, epoch ms. */
  readonly aliveSince: number;
}

const MINUTES = 5;
const MOST_WORKERS = 1_000;

/** Reads how the queue is doing, from counters and the workers' table. */
export class ReadSystemFigures {
  constructor(
    private readonly statistics: Statistics,
    private readonly directory: WorkerDirectory,
    private readonly readTaskFigures: ReadTaskFigures,
    private readonly clock: Clock,
  ) {}

  /** @param aliveMs how long after its last sign of life a worker is alive */
  async execute(aliveMs: number): Promise<SystemFigures> {
    const now = this.clock.now();
    const aliveSince = now - aliveMs;
    const [counts, { workers }, completedPerMinute, tasks] = await Promise.all([
      this.directory.count(aliveSince),
      this.directory.list(MOST_WORKERS, 0),
      this.rate(now),
      this.readTaskFigures.execute({}),
    ]);
    return { counts, workers, completedPerMinute, tasks, aliveSince };
  }

  /** The minute that runs counts as far as it has come. */
  private async rate(now: number): Promise<number> {
    const minute = MOMENT_MS.minute;
    const current = Math.floor(now / minute) * minute;
    const from = current - (MINUTES - 1) * minute;
    const moments = await this.statistics.moments('minute', { from, to: current + minute });
    const completed = moments.reduce((sum, moment) => sum + moment.completed, 0);
    return completed / Math.max(1, (now - from) / minute);
  }
}
