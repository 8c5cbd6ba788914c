import {
  GRANULARITIES,
  granularityFor,
  PERIODS,
  percentileOf,
  ReadStatistics,
  spanOf,
  type Granularity,
  type HistoryEntry,
  type Period,
  type Statistics,
  type StatisticsReport,
} from '@task/application';
import { bandOf, type Task } from '@task/domain';
import { FixedClock } from '../../support/fixed-clock';
import { recount } from '../../support/statistics-recount';
import type { TestQueue } from '../../support/test-queue';
import { memoryGuard } from '../../support/told-memory';

const STEP_MS = { minute: 60_000, hour: 3_600_000, day: 86_400_000 };

/** Every period in every granularity is what a plain recount of tasks and events makes of it. */
export async function expectServed(queue: TestQueue, statistics: Statistics): Promise<void> {
  const clock = new FixedClock(await queue.now());
  const read = new ReadStatistics(statistics, clock, memoryGuard());
  const [tasks, events] = [await queue.all(), await queue.events()];
  for (const period of PERIODS) {
    for (const granularity of GRANULARITIES.filter((each) => isTaken(period, each))) {
      const report = await read.execute({ period, granularity });
      expectTotals(report, tasks);
      expectSeries(report, { events, period, granularity, now: clock.now() });
      expectTimes(report, tasks, spanOf(period, clock.now()));
    }
  }
}

function isTaken(period: Period, granularity: Granularity): boolean {
  try {
    return granularityFor(period, granularity) === granularity;
  } catch {
    return false;
  }
}

function expectTotals(
  { total, byStatus, byPriority, types }: StatisticsReport,
  tasks: readonly Task[],
): void {
  expect(total).toBe(tasks.length);
  for (const [status, count] of Object.entries(byStatus)) {
    expect([status, count]).toEqual([status, tasks.filter((task) => task.status === status).length]);
  }
  for (const [band, count] of Object.entries(byPriority)) {
    expect([band, count]).toEqual([
      band,
      tasks.filter(({ state }) => bandOf(state.priority) === band).length,
    ]);
  }
  expect(types).toMatchObject(recount(tasks, []).types);
}

function expectSeries(
  { series }: StatisticsReport,
  asked: { events: readonly HistoryEntry[]; period: Period; granularity: Granularity; now: number },
): void {
  const { events, period, granularity, now } = asked;
  const { from, to } = spanOf(period, now);
  const step = STEP_MS[granularity];
  const within = events.filter(({ at }) => at >= from && at < to);
  for (const [index, point] of series.entries()) {
    if (index > 0) expect(point.at - (series[index - 1]?.at ?? 0)).toBe(step);
    const own = within.filter(({ at }) => at >= point.at && at < point.at + step);
    const count = (isWanted: (event: HistoryEntry) => boolean): number => own.filter(isWanted).length;
    expect([point.created, point.completed, point.failed, point.cancelled, point.claimed]).toEqual([
      count((event) => event.from === null),
      ...(['completed', 'failed', 'cancelled', 'working'] as const).map((status) =>
        count((event) => event.to === status),
      ),
    ]);
  }
  expect(series.reduce((sum, { created }) => sum + created, 0)).toBe(
    within.filter((event) => event.from === null).length,
  );
}

function expectTimes(
  { processing }: StatisticsReport,
  tasks: readonly Task[],
  span: { from: number; to: number },
): void {
  const exact = recount(tasks, []).durationsWithin(span);
  const mean = exact.reduce((sum, { ms }) => sum + ms, 0) / exact.length;
  expect(processing.meanMs).toEqual(exact.length === 0 ? null : mean);
  for (const [told, share] of [
    [processing.p50Ms, 0.5],
    [processing.p95Ms, 0.95],
    [processing.p99Ms, 0.99],
  ] as const) {
    const truth = percentileOf(exact, share);
    if (truth === null || told === null) expect(told).toBe(truth);
    else expect(Math.abs(told - truth)).toBeLessThanOrEqual(truth * 0.01);
  }
}
