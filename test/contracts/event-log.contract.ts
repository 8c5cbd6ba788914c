import type { EventFilter, EventLog, HistoryEntry } from '@task/application';
import type { Task } from '@task/domain';
import { TASK_ID } from '../support/builders';
import { useStore, type Abilities, type OpenedStore } from './subject';

/** Reads page by page until nothing is left. */
export async function readAll(
  log: EventLog,
  after = 0,
  limit = 100,
  filter: EventFilter = {},
): Promise<HistoryEntry[]> {
  const events: HistoryEntry[] = [];
  for (let place = after; ;) {
    const page = await log.read(place, limit, filter);
    events.push(...page.events);
    if (!page.hasMore) return events;
    expect(page.readTo).toBeGreaterThan(place);
    place = page.readTo;
  }
}

/** What every log of events has to do. */
export function describeEventLog(
  name: string,
  open: () => Promise<OpenedStore>,
  { reopens = false }: Abilities,
): void {
  describe(`EventLog ${name}`, () => {
    const subject = useStore(open);

    /** Tasks of several kinds, and something of everything in the log. */
    const live = async (): Promise<readonly Task[]> => {
      const { queue } = subject();
      const tasks = await queue.createAll([
        { workDirectory: '/srv/a' },
        { workDirectory: '/srv//a/b/', taskType: 'build' },
        { workDirectory: '/srv/ab', autoRetry: true },
        { workDirectory: null, maxRetries: 0 },
      ]);
      await queue.complete(await queue.claimed());
      await queue.retry(await queue.fail(await queue.claimed(), { retryable: false }));
      await queue.fail(await queue.claimed({ directory: { path: '/srv/ab', recursive: false } }));
      await queue.update(await queue.claimed({}, { workerId: null }), (task, now) => task.expire(now));
      await queue.release(await queue.claimed());
      for (const task of tasks.slice(1)) await queue.cancel(task, '够了');
      return tasks;
    };

    it('is empty at first', async () => {
      const { events } = subject();
      expect(await events.bounds()).toEqual({ oldest: 0, newest: 0 });
      expect(await events.read(0, 10, {})).toEqual({ events: [], readTo: 0, hasMore: false });
      expect(await events.read(7, 10, {})).toMatchObject({ events: [], hasMore: false });
    });

    it('tells everything that happened, in order and without a gap', async () => {
      const { queue, events } = subject();
      await live();
      const all = await readAll(events);
      expect(all).toEqual(await queue.events());
      expect(all.map(({ eventId }) => eventId)).toEqual(all.map((_, index) => index + 1));
      expect(await events.bounds()).toEqual({ oldest: 1, newest: all.length });
      expect(all.at(-1)).toMatchObject({ command: 'cancel', to: 'cancelled', details: { reason: '够了' } });
    });

    it.each([1, 2, 3, 7, 1000])('is read in pages of %d', async (limit) => {
      const { queue, events } = subject();
      await live();
      expect(await readAll(events, 0, limit)).toEqual(await queue.events());
    });

    it('goes on behind any event, with each of the rest once', async () => {
      const { queue, events } = subject();
      await live();
      const all = await queue.events();
      for (let after = 0; after <= all.length; after += 1) {
        expect(await readAll(events, after, 4)).toEqual(all.slice(after));
      }
    });

    it('looks at no more events than asked, and tells how far it came', async () => {
      const { events } = subject();
      await live();
      const page = await events.read(2, 5, { commands: ['create'] });
      expect(page.events.map(({ eventId }) => eventId)).toEqual([3, 4]);
      expect(page).toMatchObject({ readTo: 7, hasMore: true });
      expect(await events.read(7, 5, { commands: ['create'] })).toMatchObject({ events: [], readTo: 12 });
    });

    describe('for a reader who does not want everything', () => {
      const wanted = async (
        filter: EventFilter,
        isWanted: (event: HistoryEntry) => boolean,
        limit?: number,
      ): Promise<void> => {
        const { queue, events } = subject();
        const expected = (await queue.events()).filter(isWanted);
        expect(expected.length).toBeGreaterThan(0);
        expect(await readAll(events, 0, limit, filter)).toEqual(expected);
        const [, second] = expected;
        if (second !== undefined) {
          expect(await readAll(events, second.eventId, limit, filter)).toEqual(expected.slice(2));
        }
      };
      const inDirectory =
        (tasks: readonly Task[], ...indexes: readonly number[]) =>
        ({ taskId }: HistoryEntry): boolean =>
          indexes.some((index) => tasks[index]?.id === taskId);

      it('is of one task', async () => {
        const tasks = await live();
        for (const { id } of tasks) {
          await wanted({ taskId: id }, ({ taskId }) => taskId === id);
          await wanted({ taskId: id }, ({ taskId }) => taskId === id, 2);
        }
      });

      it.each([TASK_ID, 'unheard of', '', '%'])('is of no task by %j', async (taskId) => {
        const { events } = subject();
        await live();
        expect(await readAll(events, 0, 100, { taskId })).toEqual([]);
      });

      it('is of one task whose UUID is spelled otherwise', async () => {
        const { queue, events } = subject();
        const { id } = await queue.create();
        expect(await readAll(events, 0, 100, { taskId: id.toUpperCase() })).toHaveLength(1);
      });

      it('is of some commands, or of some statuses after them', async () => {
        await live();
        await wanted({ commands: ['claim', 'cancel'] }, ({ command }) => /claim|cancel/.test(command), 3);
        await wanted({ statuses: ['waiting'] }, ({ to }) => to === 'waiting', 3);
        await wanted(
          { commands: ['fail'], statuses: ['waiting'] },
          ({ command, to }) => command === 'fail' && to === 'waiting',
        );
        expect(await readAll(subject().events, 0, 100, { commands: [] })).toEqual([]);
      });

      it('is of a work directory, and of those below it where that is wanted', async () => {
        const tasks = await live();
        const at = (path: string, recursive: boolean): EventFilter => ({ directory: { path, recursive } });
        await wanted(at('/srv/a', false), inDirectory(tasks, 0));
        await wanted(at('/srv/a', true), inDirectory(tasks, 0, 1), 3);
        await wanted(at('/srv', true), inDirectory(tasks, 0, 1, 2));
        await wanted({ ...at('/srv/a', true), taskId: tasks[1]?.id ?? '' }, inDirectory(tasks, 1));
        expect(await readAll(subject().events, 0, 100, at('/srv', false))).toEqual([]);
      });
    });

    it('shows a reader who polls each event once, while many write', async () => {
      const { queue, events } = subject();
      const writers = Array.from({ length: 8 }, async () => {
        for (let step = 0; step < 5; step += 1) {
          await queue.create();
          const task = await queue.claimed();
          await (step % 2 === 0 ? queue.complete(task) : queue.fail(task));
        }
      });
      const writing = { isOver: false };
      const written = Promise.all(writers).finally(() => (writing.isOver = true));
      const seen: number[] = [];
      for (let last = false; !last;) {
        last = writing.isOver;
        const page = await events.read(seen.at(-1) ?? 0, 7, {});
        seen.push(...page.events.map(({ eventId }) => eventId));
        if (page.hasMore) last = false;
        await new Promise(setImmediate);
      }
      await written;
      expect(seen).toEqual(Array.from({ length: 8 * 5 * 3 }, (_, index) => index + 1));
    });

    if (reopens) {
      it('is the same after a restart, and goes on without a gap', async () => {
        const { queue, reopen } = subject();
        await live();
        const before = await queue.events();
        const after = await reopen();
        expect(await readAll(after.events)).toEqual(before);
        await after.queue.create();
        expect(await after.events.bounds()).toEqual({ oldest: 1, newest: before.length + 1 });
      });
    }
  });
}
