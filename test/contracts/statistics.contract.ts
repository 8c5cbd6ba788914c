import { MOMENT_MS, percentileOf, type Duration, type Moment, type Statistics } from '@task/application';
import { TASK_STATUSES, type EpochMs, type Task, type TaskDraft } from '@task/domain';
import { SeededRandom } from '../support/seeded-random';
import { recount } from '../support/statistics-recount';
import { shortly, untilLater, untilTime, useStore, type Abilities, type OpenedStore } from './subject';

const HOUR_MS = MOMENT_MS.hour;
const DAY_MS = 24 * HOUR_MS;

/** What all statistics have to say. */
export function describeStatistics(
  name: string,
  open: () => Promise<OpenedStore>,
  { setsClock = false, reopens = false }: Abilities,
): void {
  describe(`Statistics ${name}`, () => {
    const subject = useStore(open);
    const statistics = (): Statistics => subject().statistics;
    const always = (): { from: EpochMs; to: EpochMs } => ({ from: 0, to: Math.ceil(9e12 / DAY_MS) * DAY_MS });
    const working = async (changes: Partial<TaskDraft> = {}): Promise<Task> => {
      const { queue } = subject();
      await queue.create(changes);
      return queue.claimed();
    };
    const typesOf = async (...given: Parameters<Statistics['types']>): Promise<unknown> =>
      (await statistics().types(...given)).map(({ taskType, tasks, processingMs }) => [
        taskType,
        TASK_STATUSES.map((status) => tasks[status]),
        processingMs,
      ]);

    it('have nothing to tell of an empty store', async () => {
      expect(await statistics().counts()).toEqual([]);
      expect(await statistics().types({}, 10)).toEqual([]);
      expect(await statistics().moments('minute', always())).toEqual([]);
      expect(await statistics().durationsWithin(always())).toEqual([]);
      expect(await statistics().durationsOf('build')).toEqual([]);
      expect(await statistics().claimableSince()).toBeNull();
    });

    it('count tasks by status and priority', async () => {
      const { queue } = subject();
      await queue.createAll([{ priority: 2 }, { priority: 2 }, { priority: 9 }]);
      await queue.fail(await queue.claimed(), { retryable: false });
      const counts = (await statistics().counts()).map(({ status, priority, tasks }) => [
        status,
        priority,
        tasks,
      ]);
      expect(counts.sort()).toEqual([
        ['failed', 9, 1],
        ['waiting', 2, 2],
      ]);
    });

    it('count tasks by type, those with the most tasks first', async () => {
      const { queue } = subject();
      await queue.createAll([{ taskType: 'b' }, { taskType: 'c' }, { taskType: 'c' }, { taskType: 'a' }]);
      await queue.cancel(await queue.claimed({ taskTypes: ['a'] }));
      expect(await typesOf({}, 10)).toEqual([
        ['c', [2, 0, 0, 0, 0], 0],
        ['a', [0, 0, 0, 0, 1], 0],
        ['b', [1, 0, 0, 0, 0], 0],
      ]);
      expect(await typesOf({}, 1)).toEqual([['c', [2, 0, 0, 0, 0], 0]]);
    });

    it('count the tasks of one type, of one knowledge base, or of both', async () => {
      const { queue } = subject();
      await queue.createAll([
        { taskType: 'build', kbId: 'kb-1' },
        { taskType: 'build', kbId: 'kb-1', workDirectory: '/elsewhere' },
        { taskType: 'test', kbId: 'kb-1' },
        { taskType: 'build', kbId: null },
      ]);
      expect(await typesOf({ kbId: 'kb-1' }, 10)).toEqual([
        ['build', [2, 0, 0, 0, 0], 0],
        ['test', [1, 0, 0, 0, 0], 0],
      ]);
      expect(await typesOf({ taskType: 'build' }, 10)).toEqual([['build', [3, 0, 0, 0, 0], 0]]);
      expect(await typesOf({ taskType: 'test', kbId: 'kb-1' }, 10)).toEqual([['test', [1, 0, 0, 0, 0], 0]]);
      expect(await typesOf({ kbId: "o'hara" }, 10)).toEqual([]);
    });

    it('sum up how long the completed tasks of a type took', async () => {
      const { queue } = subject();
      const task = await working({ taskType: 'build' });
      await untilLater(subject());
      const { startedAt, completedAt } = (await queue.complete(task)).state;
      await queue.fail(await working({ taskType: 'build' }), { retryable: false });
      const tookMs = (completedAt ?? 0) - (startedAt ?? 0);
      expect(await typesOf({}, 10)).toEqual([['build', [0, 0, 1, 1, 0], tookMs]]);
      expect((await statistics().durationsOf('build')).map(({ tasks }) => tasks)).toEqual([1]);
      expect(await statistics().durationsOf('test')).toEqual([]);
    });

    it('tell since when the first in line can be claimed', async () => {
      const { queue } = subject();
      const first = await queue.create();
      await untilLater(subject());
      const urgent = await queue.create({ priority: 9 });
      expect(await statistics().claimableSince()).toBe(first.state.createdAt);
      await queue.claimed({}, {});
      expect(await statistics().claimableSince()).toBe(first.state.createdAt);
      await untilLater(subject());
      const back = await queue.release(await queue.claimed());
      expect(await statistics().claimableSince()).toBe(back.state.updatedAt);
      await queue.claimed();
      expect(await statistics().claimableSince()).toBeNull();
      expect(urgent.status).toBe('waiting');
    });

    it('tell since when a scheduled task is due, which nobody has asked for yet', async () => {
      const { queue } = subject();
      const soon = (await queue.now()) + shortly(subject());
      await queue.createAll([{ availableAt: soon }, { availableAt: soon + DAY_MS }]);
      expect(await statistics().claimableSince()).toBeNull();
      await untilTime(subject(), soon);
      expect(await statistics().claimableSince()).toBe(soon);
      await untilLater(subject());
      await queue.release(await queue.claimed());
      await queue.claimed();
      expect(await statistics().claimableSince()).toBeNull();
    });

    it('say what a recount of tasks and events says', async () => {
      await play(new SeededRandom(7), setsClock ? [1, 400, 59_000, 2 * HOUR_MS, 9 * HOUR_MS] : [0]);
      const { queue } = subject();
      const now = await queue.now();
      const expected = recount(await queue.all(), await queue.events());
      expect(sorted(await statistics().counts())).toEqual(sorted(expected.counts));
      expect(await statistics().types({}, 100)).toEqual(expected.types);
      for (const unit of ['minute', 'hour'] as const) {
        expect(await statistics().moments(unit, always())).toEqual(expected.moments(unit));
      }
      for (const span of spansUntil(now)) {
        expectAlike(await statistics().durationsWithin(span), expected.durationsWithin(span));
      }
      for (const { taskType } of expected.types) {
        expectAlike(await statistics().durationsOf(taskType), expected.durationsOf(taskType));
      }
    });

    it('leave out what happened before or after a span', async () => {
      const { queue } = subject();
      await queue.complete(await working());
      const now = await queue.now();
      const minute = Math.floor(now / MOMENT_MS.minute) * MOMENT_MS.minute;
      const before = { from: minute - DAY_MS, to: minute - 5 * MOMENT_MS.minute };
      const after = { from: minute + 5 * MOMENT_MS.minute, to: minute + DAY_MS };
      const happened = async (span: { from: EpochMs; to: EpochMs }): Promise<readonly Moment[]> =>
        statistics().moments('minute', span);
      expect([await happened(before), await happened(after)]).toEqual([[], []]);
      expect(await happened({ from: before.to, to: after.from })).not.toEqual([]);
      expect(await statistics().durationsWithin(before)).toEqual([]);
      expect(await statistics().durationsWithin(after)).toEqual([]);
    });

    if (reopens) {
      it('say the same after a restart', async () => {
        const { queue, reopen } = subject();
        await queue.complete(await working());
        const before = [await statistics().counts(), await statistics().moments('hour', always())];
        const again = (await reopen()).statistics;
        expect([await again.counts(), await again.moments('hour', always())]).toEqual(before);
      });
    }

    /** Random work, with pauses where the test sets the clock. */
    async function play(chance: SeededRandom, pausesMs: readonly [number, ...number[]]): Promise<void> {
      const { queue, clock } = subject();
      for (let step = 0; step < 120; step += 1) {
        await queue.create({
          taskType: chance.pick(['build', 'test', 'docs']),
          kbId: chance.pick([null, 'kb-1']),
          priority: chance.whole(1, 10),
          autoRetry: chance.whole(0, 1) === 0,
        });
        const task = await queue.claim();
        if (task === null) continue;
        if (clock !== undefined) clock.advance(chance.pick(pausesMs));
        const choice = chance.whole(0, 9);
        if (choice === 0) await queue.fail(task);
        else if (choice === 1) await queue.release(task);
        else if (choice === 2) await queue.cancel(task);
        else if (choice === 3) await queue.update(task, (current, at) => current.expire(at));
        else await queue.complete(task);
      }
    }
  });
}

/** Spans of many lengths whose ends are at full minutes, on both sides of hours and days. */
function spansUntil(now: EpochMs): readonly { from: EpochMs; to: EpochMs }[] {
  const end = Math.ceil(now / MOMENT_MS.minute) * MOMENT_MS.minute;
  const lengths = [1, 59, 60, 61, 1_440, 1_441, 4_000, 10_080, 43_200].map(
    (minutes) => minutes * MOMENT_MS.minute,
  );
  return lengths.flatMap((length) => [
    { from: end - length, to: end },
    { from: end - length - 7 * HOUR_MS, to: end - 5 * HOUR_MS },
  ]);
}

/** As many, and every percentile within 1 %. */
function expectAlike(told: readonly Duration[], exact: readonly Duration[]): void {
  const all = (durations: readonly Duration[]): number =>
    durations.reduce((sum, { tasks }) => sum + tasks, 0);
  expect(all(told)).toBe(all(exact));
  for (const share of [0.01, 0.25, 0.5, 0.9, 0.95, 0.99, 1]) {
    const truth = percentileOf(exact, share);
    const answer = percentileOf(told, share);
    if (truth === null) expect(answer).toBeNull();
    else expect(Math.abs((answer ?? Number.NaN) - truth)).toBeLessThanOrEqual(truth * 0.01);
  }
}

function sorted(rows: readonly object[]): string[] {
  return rows.map((row) => JSON.stringify(row)).sort();
}
