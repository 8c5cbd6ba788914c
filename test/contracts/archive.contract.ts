import type { TaskFilter } from '@task/application';
import {
  JsonDocument,
  LeaseLost,
  Retention,
  RetriesExhausted,
  TaskAlreadyFinal,
  TaskArchived,
  TaskNotFound,
  type Task,
} from '@task/domain';
import { ACTOR, TASK_ID } from '../support/builders';
import { CountedKey } from '../support/counted-key';
import { readAll } from './event-log.contract';
import { untilLater, untilTime, useStore, type Abilities, type OpenedStore, type Subject } from './subject';

/** What ended in this very moment is over already. */
const AT_ONCE = new Retention(0);
const HOUR = new Retention(3_600_000);

/** Archives until nothing is left. @returns how many tasks went */
export async function archiveAll(
  { archive }: Pick<Subject, 'archive'>,
  retention = AT_ONCE,
  limit = 1000,
): Promise<number> {
  let archived = 0;
  for (let place = 0; ;) {
    const step = await archive.step(retention, place, limit);
    archived += step.archived;
    if (!step.hasMore) return archived;
    expect(step.readTo).toBeGreaterThan(place);
    place = step.readTo;
  }
}

/** What every archive has to do. */
export function describeArchive(
  name: string,
  open: () => Promise<OpenedStore>,
  { reopens = false, setsClock = false }: Abilities,
): void {
  describe(`Archive ${name}`, () => {
    const subject = useStore(open);

    interface Live {
      readonly completed: Task;
      readonly failed: Task;
      readonly cancelled: Task;
      readonly working: Task;
      readonly waiting: Task;
    }
    /** A task in each status, with something of everything about it. */
    const live = async (): Promise<Live> => {
      const { queue } = subject();
      await queue.createAll([
        {
          ...{
            workDirectory: '/srv//a/',
            taskType: 'build',
            kbId: '知识',
            tags: ['α', 'b', 'α'],
            priority: 9,
          },
          ...{ payload: JsonDocument.of({ n: 1 }), metadata: JsonDocument.of({ who: '张三' }) },
        },
        { priority: 8, maxRetries: 1 },
        { priority: 7, workDirectory: null, prompt: null, payload: JsonDocument.of({}) },
        { priority: 6, timeoutSeconds: 60 },
        { priority: 5, tags: ['b'] },
      ]);
      const completed = await queue.complete(await queue.claimed(), JsonDocument.of({ lines: 3 }));
      const failed = await queue.fail(await queue.claimed(), { retryable: false });
      const [, , third] = await queue.all();
      if (third === undefined) throw new Error('there are five tasks');
      const cancelled = await queue.cancel(third, '够了');
      const working = await queue.claimed();
      const waiting = (await queue.all({ status: 'waiting' }))[0] ?? working;
      return { completed, failed, cancelled, working, waiting };
    };
    const archived = async (): Promise<Live> => {
      const tasks = await live();
      expect(await archiveAll(subject())).toBe(3);
      return tasks;
    };
    const total = async (filter: TaskFilter = {}): Promise<number> => {
      const sort = { by: 'created_at', order: 'asc' } as const;
      const { store } = subject().queue;
      return (await store.list({ filter, sort, limit: 1, offset: 0, after: null })).total;
    };

    it('takes what has ended, and nothing else', async () => {
      const { working, waiting } = await archived();
      expect((await subject().queue.all()).map(({ id }) => id)).toEqual([working.id, waiting.id]);
      expect(await archiveAll(subject())).toBe(0);
    });

    it('takes only what ended long enough ago', async () => {
      const { queue, archive } = subject();
      await live();
      expect(await archive.step(HOUR, 0, 1000)).toEqual({ archived: 0, readTo: 0, hasMore: false });
      expect(await queue.all()).toHaveLength(5);
    });

    if (setsClock) {
      it('goes by the end of a task, not by its beginning', async () => {
        const { queue } = subject();
        const { completed, working } = await live();
        await untilTime(subject(), completed.state.updatedAt + 3_599_999);
        await queue.complete(working);
        expect(await archiveAll(subject(), HOUR)).toBe(0);
        await untilLater(subject());
        expect(await archiveAll(subject(), HOUR)).toBe(3);
      });
    }

    it('still finds them by their id, whole', async () => {
      const { queue } = subject();
      const tasks = await archived();
      for (const task of Object.values(tasks) as Task[]) {
        expect((await queue.stored(task)).state).toEqual(task.state);
      }
      expect(await queue.store.find(tasks.completed.id.toUpperCase())).not.toBeNull();
      expect(await queue.store.find(TASK_ID)).toBeNull();
      expect(await queue.store.history(TASK_ID)).toBeNull();
    });

    it('keeps their history with them', async () => {
      const { queue } = subject();
      const tasks = await live();
      const before = await Promise.all(Object.values(tasks).map((task: Task) => queue.history(task)));
      await archiveAll(subject());
      const after = await Promise.all(Object.values(tasks).map((task: Task) => queue.history(task)));
      expect(after).toEqual(before);
    });

    it('shows them in no list, and counts them in no list’s total', async () => {
      const { queue } = subject();
      await archived();
      expect(await total()).toBe(2);
      expect(await total({ status: 'completed' })).toBe(0);
      expect(await total({ taskType: 'build' })).toBe(0);
      expect(await total({ tags: { names: ['b'], mode: 'any' } })).toBe(1);
      expect(await queue.all({ taskType: 'build' })).toEqual([]);
      expect(await queue.all({ status: 'failed' }, { by: 'priority', order: 'desc' })).toEqual([]);
      await queue.create({ taskType: 'build', workDirectory: '/srv/a', kbId: '知识' });
      expect([await total({ taskType: 'build' }), await total({ directoryContains: '/a/' })]).toEqual([1, 1]);
    });

    it('leaves all counts and statistics as they were', async () => {
      const { statistics, queue, workers } = subject();
      await live();
      const span = { from: 0, to: Math.ceil(((await queue.now()) + 1) / 60_000) * 60_000 };
      const told = async (): Promise<unknown> => [
        await queue.store.countByStatus(),
        (await statistics.counts()).toSorted((a, b) => a.priority - b.priority),
        await statistics.types({}, 10),
        await statistics.moments('minute', span),
        await statistics.durationsWithin(span),
        await statistics.durationsOf('build'),
        await workers.list(10, 0),
      ];
      const before = await told();
      await archiveAll(subject());
      expect(await told()).toEqual(before);
    });

    describe('what would change an archived task', () => {
      const refusal = (done: Promise<unknown>): Promise<unknown> =>
        done.then(
          () => 'taken',
          (error: unknown) => error,
        );

      it('is refused as before where it was refused before', async () => {
        const { queue } = subject();
        const { completed, cancelled } = await archived();
        for (const task of [completed, cancelled]) {
          expect(await refusal(queue.cancel(task))).toBeInstanceOf(TaskAlreadyFinal);
          expect(await refusal(queue.retry(task))).toBeInstanceOf(TaskAlreadyFinal);
        }
        expect(await refusal(queue.complete(completed, null, { leaseToken: 'other' }))).toBeInstanceOf(
          LeaseLost,
        );
      });

      it('is refused though a failed task could be retried or given up', async () => {
        const { queue } = subject();
        const { failed } = await archived();
        const retry = await refusal(queue.retry(failed));
        expect(retry).toBeInstanceOf(TaskArchived);
        expect(retry).toMatchObject({ code: 'task.archived', status: 'failed', command: 'retry' });
        expect(await refusal(queue.cancel(failed))).toMatchObject({
          code: 'task.archived',
          command: 'cancel',
        });
        expect((await queue.stored(failed)).state).toEqual(failed.state);
        expect(await queue.history(failed)).toHaveLength(3);
      });

      it('is refused for want of retries where none are left', async () => {
        const { queue } = subject();
        await queue.create({ maxRetries: 0 });
        const failed = await queue.fail(await queue.claimed());
        await archiveAll(subject());
        expect(await refusal(queue.retry(failed))).toBeInstanceOf(RetriesExhausted);
      });

      it('names no task where there is none', async () => {
        await archived();
        const nobody = subject().queue.store.update(TASK_ID, (task) => ({ task, effects: [] }), {
          aborted: false,
        });
        await expect(nobody).rejects.toThrow(TaskNotFound);
      });
    });

    it('tells a worker again what it completed, whose answer was lost', async () => {
      const { queue } = subject();
      const { completed } = await archived();
      const again = await queue.complete(completed, JsonDocument.of({ lines: 3 }));
      expect(again.state).toEqual(completed.state);
    });

    it('tells outcomes again that are kept under a key', async () => {
      const { queue } = subject();
      const key = new CountedKey('k');
      const [created] = await queue.createAll([{}], key);
      await queue.complete(await queue.claimed());
      await archiveAll(subject());
      const [again] = await queue.createAll([{}], key);
      expect(key.replays).toBe(1);
      expect(again?.state).toEqual(created?.state);
    });

    it('keeps the refusal of an archived task under its key', async () => {
      const { queue } = subject();
      const { failed } = await archived();
      const key = new CountedKey('k');
      const retry = (): Promise<Task> => queue.update(failed, (task, now) => task.retry(ACTOR, now), key);
      await expect(retry()).rejects.toThrow(TaskArchived);
      await expect(retry()).rejects.toThrow(TaskArchived);
      expect(key.replays).toBe(1);
    });

    describe('a task that others depend on', () => {
      it('stays as long as one of them waits for it', async () => {
        const { queue } = subject();
        const [first, second] = (await queue.createAll([{ priority: 9 }, { priority: 1 }])) as [Task, Task];
        const last = await queue.createOn([first, second]);
        await queue.complete(await queue.claimed(), JsonDocument.of(1));
        expect(await archiveAll(subject())).toBe(0);
        await queue.tellAll();
        expect(await archiveAll(subject())).toBe(1);
        expect((await queue.stored(last)).state).toMatchObject({ gate: 'blocked', needs: { pending: 1 } });
        await queue.complete(await queue.claimed());
        await queue.tellAll();
        expect((await queue.claimed()).id).toBe(last.id);
      });

      it('stays when it failed and they wait for its retry', async () => {
        const { queue } = subject();
        const first = await queue.create();
        const last = await queue.createOn([first]);
        await queue.fail(await queue.claimed(), { retryable: false });
        await queue.tellAll();
        expect(await archiveAll(subject())).toBe(0);
        await queue.cancel(last);
        expect(await archiveAll(subject())).toBe(1);
        expect(await archiveAll(subject())).toBe(1);
        expect((await queue.store.dependenciesOf([last.id], 1e6)).get(last.id)).toEqual([
          { taskId: first.id, status: 'failed', result: null, resultBytes: 0, isSettled: false },
        ]);
      });

      it('is told of as before, on both sides, when one or both are archived', async () => {
        const { queue } = subject();
        const first = await queue.create();
        const last = await queue.createOn([first]);
        const told = async (): Promise<unknown> => [
          await queue.store.dependenciesOf([last.id, first.id], 1e6),
          (await queue.store.dependentsOf(first.id, 0, 10)).map(({ taskId, isSettled }) => [
            taskId,
            isSettled,
          ]),
        ];
        await queue.complete(await queue.claimed(), JsonDocument.of('结果'));
        await queue.tellAll();
        const before = await told();
        expect(await archiveAll(subject())).toBe(1);
        expect(await told()).toEqual(before);
        await queue.complete(await queue.claimed());
        expect(await archiveAll(subject())).toBe(1);
        expect(await told()).toEqual(before);
      });

      it('counts as completed for a new one, though it is archived', async () => {
        const { queue } = subject();
        const { completed } = await archived();
        const next = await queue.createOn([completed], 'wait', { priority: 10 });
        expect(next.state).toMatchObject({ gate: 'ready', needs: { pending: 0 } });
        expect((await queue.claimed()).id).toBe(next.id);
        expect((await queue.store.dependenciesOf([next.id], 1e6)).get(next.id)).toMatchObject([
          { taskId: completed.id, status: 'completed', isSettled: true },
        ]);
      });
    });

    describe('the event log', () => {
      it('is whole behind the last event of what was archived, and says so', async () => {
        const { queue, events } = subject();
        const { working } = await live();
        const before = await queue.events();
        const last = before.findLast(({ to }) => to === 'cancelled')?.eventId ?? 0;
        expect(await events.bounds()).toEqual({ oldest: 1, newest: before.length });
        await archiveAll(subject());
        expect(await events.bounds()).toEqual({ oldest: last + 1, newest: before.length });
        expect(await readAll(events, last)).toEqual(before.slice(last));
        await queue.complete(working);
        await archiveAll(subject());
        expect(await events.bounds()).toEqual({ oldest: 0, newest: before.length + 1 });
        await queue.create();
        expect(await events.bounds()).toEqual({ oldest: before.length + 2, newest: before.length + 2 });
      });

      it('of one task is whole still', async () => {
        const { queue, events } = subject();
        const { completed } = await live();
        const before = await queue.history(completed);
        await archiveAll(subject());
        expect(await readAll(events, 0, 100, { taskId: completed.id })).toEqual(before);
        expect(await readAll(events, before[0]?.eventId, 1, { taskId: completed.id })).toEqual(
          before.slice(1),
        );
      });

      it('never becomes whole again where it was not', async () => {
        const { queue, events } = subject();
        const [long] = await queue.createAll([{ priority: 1 }, { priority: 10 }]);
        await queue.complete(await queue.claimed());
        await archiveAll(subject());
        expect((await events.bounds()).oldest).toBe(0);
        await queue.complete(await queue.claimed());
        await archiveAll(subject());
        expect(await events.bounds()).toEqual({ oldest: 0, newest: 6 });
        expect(await queue.store.history(long?.id ?? '')).toHaveLength(3);
      });
    });

    describe('step by step', () => {
      it('looks at no more events than asked, and goes on where it stopped', async () => {
        const { archive, queue } = subject();
        await live();
        const steps = [];
        for (let place = 0, hasMore = true; hasMore;) {
          const step = await archive.step(AT_ONCE, place, 6);
          steps.push(step);
          ({ readTo: place, hasMore } = step);
        }
        expect(steps.map(({ archived: count }) => count)).toEqual([0, 3]);
        expect(steps[0]).toMatchObject({ readTo: 6, hasMore: true });
        expect(await queue.all()).toHaveLength(2);
      });

      it('leaves what was brought back, until it ends again', async () => {
        const { queue } = subject();
        const { failed } = await live();
        await queue.retry(failed);
        expect(await archiveAll(subject())).toBe(2);
        await queue.complete(await queue.claimed());
        expect(await archiveAll(subject())).toBe(1);
        expect(await queue.history(failed)).toHaveLength(6);
      });

      it('takes each task once, however many look for them at once', async () => {
        const { queue } = subject();
        await queue.createAll(Array.from({ length: 60 }, () => ({})));
        for (const task of await queue.drain()) await queue.complete(task);
        const counts = await Promise.all(Array.from({ length: 4 }, () => archiveAll(subject(), AT_ONCE, 20)));
        const left = await archiveAll(subject());
        expect(counts.reduce((sum, count) => sum + count, left)).toBe(60);
        expect([await total(), (await queue.store.countByStatus()).completed]).toEqual([0, 60]);
      });

      it('disturbs nobody who works meanwhile', async () => {
        const { queue } = subject();
        const seen = new Set<string>();
        const work = async (): Promise<void> => {
          for (let step = 0; step < 8; step += 1) {
            await queue.create();
            const task = await queue.claimed();
            expect(seen.has(task.id)).toBe(false);
            seen.add(task.id);
            await queue.complete(task);
          }
        };
        const working = { isOver: false };
        const workers = Promise.all([work(), work(), work(), work()]).finally(() => (working.isOver = true));
        while (!working.isOver) await archiveAll(subject(), AT_ONCE, 7);
        await workers;
        await archiveAll(subject());
        expect([seen.size, await total(), (await queue.store.countByStatus()).completed]).toEqual([
          32, 0, 32,
        ]);
        for (const id of seen) expect(await queue.store.history(id)).toHaveLength(3);
      });

      it('has nothing to do where nothing is', async () => {
        expect(await subject().archive.step(AT_ONCE, 0, 10)).toEqual({
          archived: 0,
          readTo: 0,
          hasMore: false,
        });
      });
    });

    if (reopens) {
      it('is the same after a restart', async () => {
        const { queue, events, reopen } = subject();
        const { completed, failed } = await archived();
        const bounds = await events.bounds();
        const history = await queue.history(completed);
        const after = await reopen();
        expect((await after.queue.stored(completed)).state).toEqual(completed.state);
        expect(await after.queue.history(completed)).toEqual(history);
        expect(await after.events.bounds()).toEqual(bounds);
        await expect(after.queue.retry(failed)).rejects.toThrow(TaskArchived);
        expect(await after.queue.all()).toHaveLength(2);
      });
    }
  });
}
