import type { DecideRun, ScheduleRun } from '@task/application';
import {
  IdempotencyKeyReused,
  JsonDocument,
  QueueFull,
  ran,
  ScheduleNameTaken,
  ScheduleNotFound,
  Task,
  type Schedule,
} from '@task/domain';
import { ACTOR, draft } from '../support/builders';
import { CountedKey } from '../support/counted-key';
import { uuid } from '../support/counted-ids';
import { schedule } from '../support/schedules';
import { only } from '../support/test-queue';
import { useStore, type Abilities, type OpenedStore } from './subject';

const LIVE = { aborted: false };
const HOUR_MS = 3_600_000;

/** What every adapter of the port ScheduleStore has to do, together with the store of tasks that it belongs to. */
export function describeScheduleStore(
  name: string,
  open: () => Promise<OpenedStore>,
  { reopens = false }: Abilities = {},
): void {
  describe(`ScheduleStore ${name}`, () => {
    const current = useStore(open);
    const add = async (changes: Partial<Schedule> = {}): Promise<Schedule> => {
      const id = current().queue.ids.scheduleId();
      const { schedule: stored } = await current().schedules.create(() => schedule({ id, ...changes }));
      return stored;
    };
    /** Makes one task of each schedule, and moves it an hour on. */
    const hourly: DecideRun = (each, now) => runOf(each, now, (each.nextAt ?? now) + HOUR_MS);
    const runOf = (each: Schedule, now: number, nextAt: number | null): ScheduleRun => {
      const id = current().queue.ids.taskId();
      const task = Task.create(draft({ prompt: each.name }), id, ACTOR, now);
      return { schedule: ran(each, id, now, nextAt), tasks: [task] };
    };
    const prompts = async (): Promise<(string | null)[]> =>
      (await current().queue.all()).map(({ state }) => state.prompt);

    it('keeps everything of a schedule', async () => {
      const { schedules } = current();
      const task = {
        ...{
          workDirectory: '/srv',
          prompt: 'ünïcode 任务',
          priority: 8,
          tags: ['a', 'b'],
          taskType: 'report',
        },
        ...{ kbId: 'kb-7', payload: JsonDocument.of({ __proto__: null, constructor: 1 }), maxRetries: 7 },
        ...{
          metadata: JsonDocument.of({ team: 'x' }),
          timeoutSeconds: 60,
          autoRetry: true,
          concurrencyKey: 'k',
        },
      };
      const whole = schedule({
        ...{ cron: '30 2 * * 1-5', timeZone: 'Europe/Berlin', task, missed: 'skip', nextAt: 5, lastAt: 4 },
        ...{ lastTaskId: uuid(9), lastError: { code: 'queue.full', message: 'full', at: 3 }, version: 6 },
      });
      await schedules.create(() => whole);
      expect(await schedules.find(whole.id)).toEqual(whole);
      const every = await add({
        ...{ name: 'every', cron: null, intervalSeconds: 90, anchorAt: 7 },
        isEnabled: false,
      });
      const paused = await schedules.change(every.id, (each) => ({ ...each, nextAt: null, version: 2 }));
      expect(await schedules.find(every.id)).toEqual(paused);
    });

    it('finds nothing where there is nothing', async () => {
      const { schedules } = current();
      expect([
        await schedules.find(uuid(1)),
        await schedules.find('no id'),
        await schedules.remove('no id'),
      ]).toEqual([...[null, null, null]]);
      const decide = (each: Schedule): Schedule => each;
      for (const id of [uuid(1), 'no id', "'"]) {
        await expect(schedules.change(id, decide)).rejects.toThrow(ScheduleNotFound);
        await expect(schedules.run(id, hourly, LIVE)).rejects.toThrow(ScheduleNotFound);
      }
      expect(await schedules.list(10, 0)).toEqual({ schedules: [], total: 0 });
    });

    it('finds a schedule by its id in any case', async () => {
      const { id } = await add({ id: 'aaaaaaaa-0000-4000-8000-000000000001' });
      expect(await current().schedules.find(id.toUpperCase())).toMatchObject({ id });
      expect(await current().schedules.remove(id.toUpperCase())).toMatchObject({ id });
    });

    it('lists them by name, page by page', async () => {
      for (const each of ['b', 'C', 'a', 'ä']) await add({ name: each });
      const { schedules } = current();
      const names = async (limit: number, offset: number): Promise<string[]> =>
        (await schedules.list(limit, offset)).schedules.map((each) => each.name);
      expect(await names(10, 0)).toEqual(['C', 'a', 'b', 'ä']);
      expect(await names(2, 1)).toEqual(['a', 'b']);
      expect(await schedules.list(1, 9)).toEqual({ schedules: [], total: 4 });
    });

    describe('a name', () => {
      it('is had by one schedule at a time', async () => {
        const { id } = await add({ name: 'nightly' });
        await expect(add({ name: 'nightly' })).rejects.toThrow(ScheduleNameTaken);
        await add({ name: 'Nightly' });
        await current().schedules.remove(id);
        await add({ name: 'nightly' });
      });

      it('is given to nobody by a change that another schedule has', async () => {
        await add({ name: 'nightly' });
        const other = await add({ name: 'weekly' });
        const rename = (to: string): Promise<Schedule> =>
          current().schedules.change(other.id, (each) => ({ ...each, name: to, version: each.version + 1 }));
        await expect(rename('nightly')).rejects.toThrow(ScheduleNameTaken);
        expect((await rename('weekly')).name).toBe('weekly');
        expect((await rename('monthly')).name).toBe('monthly');
      });

      it('is had by one, also when several ask for it at the same moment', async () => {
        const made = await Promise.allSettled(Array.from({ length: 8 }, () => add({ name: 'nightly' })));
        expect(made.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
      });
    });

    it('changes nothing when the domain refuses', async () => {
      const stored = await add();
      const boom = new QueueFull(1);
      const refuse = (): never => {
        throw boom;
      };
      await expect(current().schedules.change(stored.id, refuse)).rejects.toBe(boom);
      await expect(current().schedules.run(stored.id, refuse, LIVE)).rejects.toBe(boom);
      await expect(current().schedules.create(refuse)).rejects.toBe(boom);
      expect(await current().schedules.find(stored.id)).toEqual(stored);
    });

    describe('what is due', () => {
      it('makes its task, and moves on, once', async () => {
        const { queue, schedules } = current();
        const now = await queue.now();
        const due = await add({ name: 'due', nextAt: now - 5 });
        await add({ name: 'later', nextAt: now + HOUR_MS });
        await add({ name: 'paused', nextAt: null });
        expect(await schedules.runDue(10, hourly)).toBe(1);
        const [task] = await queue.all();
        expect(await prompts()).toEqual(['due']);
        expect(await schedules.find(due.id)).toMatchObject({
          nextAt: now - 5 + HOUR_MS,
          lastTaskId: task?.id,
        });
        expect(await schedules.runDue(10, hourly)).toBe(0);
        expect(await prompts()).toHaveLength(1);
      });

      it('comes the earliest first, and no more at once than is asked for', async () => {
        const { queue, schedules } = current();
        const now = await queue.now();
        for (const late of [1, 3, 2]) await add({ name: `${late}`, nextAt: now - late });
        expect(await schedules.runDue(2, hourly)).toBe(2);
        expect(await prompts()).toEqual(['3', '2']);
        expect(await schedules.runDue(2, hourly)).toBe(1);
      });

      it('is looked at at the store’s time, and told how many tasks wait', async () => {
        const { queue, schedules } = current();
        const now = await queue.now();
        await queue.createAll([{}, {}]);
        await add({ name: 'a', nextAt: now - 2 });
        await add({ name: 'b', nextAt: now - 1 });
        const seen: number[] = [];
        await schedules.runDue(10, (each, at, waiting) => {
          expect(at).toBeGreaterThanOrEqual(now);
          seen.push(waiting);
          return hourly(each, at, waiting);
        });
        expect(seen).toEqual([2, 3]);
      });

      it('stays as it is where nothing is decided', async () => {
        const { queue, schedules } = current();
        const due = await add({ nextAt: (await queue.now()) - 5 });
        expect(await schedules.runDue(10, (each) => ({ schedule: each, tasks: [] }))).toBe(0);
        expect(await schedules.find(due.id)).toEqual(due);
      });

      it('makes its task once, whoever looks at the same moment', async () => {
        const { queue, schedules } = current();
        const now = await queue.now();
        for (let nth = 0; nth < 12; nth += 1) await add({ name: `${nth}`, nextAt: now - 5 });
        const moved = await Promise.all(Array.from({ length: 6 }, () => schedules.runDue(5, hourly)));
        expect(moved.reduce((sum, count) => sum + count)).toBe(12);
        expect(new Set(await prompts()).size).toBe(12);
        expect(await prompts()).toHaveLength(12);
      });

      it('is no more once its schedule is gone', async () => {
        const { queue, schedules } = current();
        const { id } = await add({ nextAt: (await queue.now()) - 5 });
        expect(await schedules.remove(id)).toMatchObject({ id });
        expect(await schedules.remove(id)).toBeNull();
        expect(await schedules.runDue(10, hourly)).toBe(0);
      });
    });

    describe('a run that somebody asks for', () => {
      const now: DecideRun = (each, at) => runOf(each, at, each.nextAt);

      it('makes a task and leaves the next occurrence', async () => {
        const { schedules, queue } = current();
        const { id, nextAt } = await add();
        const task = only(await schedules.run(id, now, LIVE));
        expect((await queue.stored(task)).status).toBe('waiting');
        expect(await schedules.find(id)).toMatchObject({ nextAt, lastTaskId: task.id });
      });

      it('is done once under one idempotency key', async () => {
        const { schedules } = current();
        const { id } = await add();
        const key = new CountedKey('run');
        const tasks = await Promise.all([1, 2, 3].map(() => schedules.run(id, now, LIVE, key)));
        expect(new Set(tasks.map((each) => only(each).id)).size).toBe(1);
        expect(key.replays).toBe(2);
        expect(await prompts()).toHaveLength(1);
        await expect(schedules.run(id, now, LIVE, key.forAnother())).rejects.toThrow(IdempotencyKeyReused);
      });
    });

    describe('a creation under an idempotency key', () => {
      it('is done once, and told again as it was', async () => {
        const { schedules, queue } = current();
        const key = new CountedKey('create');
        const create = (): ReturnType<typeof schedules.create> =>
          schedules.create(() => schedule({ id: queue.ids.scheduleId() }), key);
        const first = await create();
        await schedules.change(first.schedule.id, (each) => ({ ...each, name: 'other', version: 2 }));
        expect(await create()).toEqual({ schedule: first.schedule, isReplay: true });
        expect((await schedules.list(10, 0)).total).toBe(1);
      });

      it('is refused again where it was refused, and to another request', async () => {
        const { schedules, queue } = current();
        const taken = await add({ name: 'nightly' });
        const key = new CountedKey('create');
        const create = (as = key): ReturnType<typeof schedules.create> =>
          schedules.create(() => schedule({ id: queue.ids.scheduleId(), name: 'nightly' }), as);
        await expect(create()).rejects.toThrow(ScheduleNameTaken);
        await schedules.remove(taken.id);
        await expect(create()).rejects.toThrow(ScheduleNameTaken);
        await expect(create(key.forAnother())).rejects.toThrow(IdempotencyKeyReused);
      });
    });

    if (reopens) {
      it('goes on after a new start', async () => {
        const before = current();
        const at = await before.queue.now();
        await add({ nextAt: at - 5 });
        await before.schedules.runDue(10, hourly);
        const after = await before.reopen();
        expect(await after.schedules.runDue(10, hourly)).toBe(0);
        const { schedules } = await after.schedules.list(10, 0);
        expect(schedules).toMatchObject([{ nextAt: at - 5 + HOUR_MS }]);
      });
    }
  });
}
