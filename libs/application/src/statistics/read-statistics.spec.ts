import { FixedClock } from '../../../../test/support/fixed-clock';
import { NOW } from '../../../../test/support/builders';
import {
  Statistics,
  type Duration,
  type Moment,
  type Span,
  type TaskCount,
  type TypeCount,
} from '../ports/statistics';
import { ReadStatistics } from './read-statistics';
import { memoryGuard } from '../../../../test/support/told-memory';

const NONE = { waiting: 0, working: 0, completed: 0, failed: 0, cancelled: 0 };

/** Statistics of a queue that a test makes up. */
class MadeUpStatistics extends Statistics {
  readonly asked: unknown[] = [];
  given: readonly TaskCount[] = [];
  happened: readonly Moment[] = [];
  took: readonly Duration[] = [];
  kinds: readonly TypeCount[] = [];

  override counts(): Promise<readonly TaskCount[]> {
    return Promise.resolve(this.given);
  }

  override types(): Promise<readonly TypeCount[]> {
    return Promise.resolve(this.kinds);
  }

  override moments(unit: 'minute' | 'hour', span: Span): Promise<readonly Moment[]> {
    this.asked.push([unit, span.to - span.from]);
    return Promise.resolve(this.happened);
  }

  override durationsWithin(): Promise<readonly Duration[]> {
    return Promise.resolve(this.took);
  }

  override durationsOf(): Promise<readonly Duration[]> {
    return Promise.resolve([{ ms: 7, tasks: 1 }]);
  }

  override claimableSince(): Promise<null> {
    return Promise.resolve(null);
  }
}

describe('ReadStatistics', () => {
  let statistics: MadeUpStatistics;
  let read: ReadStatistics;

  beforeEach(() => {
    statistics = new MadeUpStatistics();
    read = new ReadStatistics(statistics, new FixedClock(NOW), memoryGuard());
  });

  it('adds tasks up by status and by the name of their priority', async () => {
    statistics.given = [
      { status: 'waiting', priority: 1, tasks: 1 },
      { status: 'waiting', priority: 6, tasks: 2 },
      { status: 'failed', priority: 7, tasks: 4 },
      { status: 'completed', priority: 10, tasks: 8 },
    ];
    expect(await read.execute({})).toMatchObject({
      total: 15,
      byStatus: { waiting: 3, working: 0, completed: 8, failed: 4, cancelled: 0 },
      byPriority: { low: 1, medium: 2, high: 12 },
    });
  });

  it('tells how long tasks took within the period, and how many were completed an hour', async () => {
    const nothing = { created: 0, claimed: 0, failed: 0, cancelled: 0, retried: 0 };
    statistics.happened = [
      { at: NOW - 3_600_000, ...nothing, completed: 6, processingMs: 1_000 },
      { at: NOW, ...nothing, completed: 6, processingMs: 200 },
    ];
    statistics.took = [
      { ms: 50, tasks: 11 },
      { ms: 650, tasks: 1 },
    ];
    expect((await read.execute({ period: '24h' })).processing).toEqual({
      meanMs: 100,
      p50Ms: 50,
      p95Ms: 650,
      p99Ms: 650,
      tasksPerHour: 0.5,
    });
  });

  it('has no figure where there is nothing to make one of', async () => {
    const { processing, types, total } = await read.execute({});
    expect(processing).toEqual({ meanMs: null, p50Ms: null, p95Ms: null, p99Ms: null, tasksPerHour: 0 });
    expect([types, total]).toEqual([[], 0]);
  });

  it('tells the same of each type', async () => {
    statistics.kinds = [
      { taskType: 'build', tasks: { ...NONE, completed: 4, waiting: 1 }, processingMs: 28 },
      { taskType: 'test', tasks: { ...NONE, failed: 1 }, processingMs: 0 },
    ];
    const { types } = await read.execute({});
    expect(types).toMatchObject([
      { taskType: 'build', meanMs: 7, p50Ms: 7, p95Ms: 7, p99Ms: 7 },
      { taskType: 'test', meanMs: null },
    ]);
  });

  it.each([
    ['1h', 'minute', 60],
    ['24h', 'minute', 1_440],
    ['7d', 'hour', 10_080],
    ['30d', 'hour', 43_200],
  ] as const)('reads %s by the %s', async (period, unit, minutes) => {
    await read.execute({ period });
    expect(statistics.asked).toEqual([[unit, minutes * 60_000]]);
  });
});
