import { LeaseLost, type Task, type TaskDraft } from '@task/domain';
import { RETRY } from '../../support/builders';
import { untilTime, type Abilities, type Subject } from '../subject';

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

export function describeLapses(subject: () => Subject, { setsClock = false }: Abilities): void {
  /** A task whose lease has run out, and nobody has looked yet. */
  const overdue = async (changes: Partial<TaskDraft> = {}): Promise<Task> => {
    const { queue } = subject();
    await queue.create(changes);
    const task = await queue.claimed({}, { lengthMs: 1 });
    await untilTime(subject(), task.state.lease?.expiresAt ?? 0);
    return task;
  };
  /** Several of them, each lease a millisecond longer than the one before. */
  const severalOverdue = async (count: number): Promise<readonly Task[]> => {
    const { queue } = subject();
    await queue.createAll(times(count, () => ({})));
    const tasks: Task[] = [];
    for (let index = 0; index < count; index += 1) {
      tasks.push(await queue.claimed({}, { lengthMs: 1 + index, workerId: `worker-${index}` }));
    }
    await untilTime(subject(), Math.max(...tasks.map(({ state }) => state.lease?.expiresAt ?? 0)));
    return tasks;
  };
  const timedOut = async (changes: Partial<TaskDraft> = {}): Promise<Task> => {
    const { queue } = subject();
    await queue.create({ timeoutSeconds: 1, ...changes });
    const task = await queue.claimed();
    await untilTime(subject(), task.state.lease?.timeoutAt ?? 0);
    return task;
  };
  const lastRow = async (task: Task): Promise<unknown> => (await subject().queue.history(task)).at(-1);

  describe('the end of leases', () => {
    it('takes nothing where nothing is overdue', async () => {
      const { queue } = subject();
      expect(await queue.lapse()).toBe(0);
      await queue.createAll([{}, {}, {}, {}]);
      await queue.complete(await queue.claimed());
      await queue.fail(await queue.claimed());
      const held = await queue.claimed();
      expect(await queue.lapse()).toBe(0);
      expect((await queue.stored(held)).state).toEqual(held.state);
    });

    it('brings a task back for a retry', async () => {
      const { queue } = subject();
      const task = await overdue();
      expect(await queue.lapse()).toBe(1);
      const { state } = await queue.stored(task);
      expect(state).toMatchObject({
        ...{ status: 'waiting', gate: 'ready', retryCount: 1, startedAt: null, version: 3 },
        lease: { endedBy: 'expire', token: task.state.lease?.token },
      });
      expect(state.lastRetryAt).toBe(state.updatedAt);
      expect(await lastRow(task)).toMatchObject({
        ...{ command: 'expire', from: 'working', to: 'waiting', version: 3, attempt: 1 },
        ...{ workerId: 'worker-1', details: { reason: 'the lease of attempt 1 ran out', retry: 1 } },
      });
      expect(await queue.lapse()).toBe(0);
      expect(await queue.store.countByStatus()).toMatchObject({ waiting: 1, working: 0 });
    });

    it('fails a task that has no retry left, with all its attempts in its history', async () => {
      const { queue } = subject();
      const task = await overdue({ maxRetries: 1 });
      await queue.lapse();
      const again = await queue.claimed({}, { lengthMs: 1, workerId: 'worker-2' });
      await untilTime(subject(), again.state.lease?.expiresAt ?? 0);
      expect(await queue.lapse()).toBe(1);
      expect((await queue.stored(task)).state).toMatchObject({
        ...{ status: 'failed', gate: null, retryCount: 1, errorMessage: 'the lease of attempt 2 ran out' },
      });
      const rows = (await queue.history(task)).map(({ command, attempt }) => `${command} ${attempt}`);
      expect(rows).toEqual(['create 0', 'claim 1', 'expire 1', 'claim 2', 'expire 2']);
      expect(await queue.claim()).toBeNull();
    });

    it('hands the task to the next one, and refuses whatever the first one still writes', async () => {
      const { queue } = subject();
      const late = await overdue();
      await queue.lapse();
      const next = await queue.claimed({}, { workerId: 'worker-2' });
      expect(next).toMatchObject({ id: late.id, attempt: 2 });
      const writes = [
        () => queue.complete(late),
        () => queue.fail(late),
        () => queue.renew(late),
        () => queue.release(late),
      ];
      for (const write of writes) await expect(write()).rejects.toThrow(LeaseLost);
      expect((await queue.stored(late)).state).toEqual(next.state);
    });

    it('lets a late write count as long as nobody has looked', async () => {
      const { queue } = subject();
      const late = await overdue();
      const done = await queue.complete(late);
      expect(await queue.lapse()).toBe(0);
      expect((await queue.stored(late)).state).toEqual(done.state);
    });

    it('leaves alone what was renewed, also at the same moment', async () => {
      const { queue } = subject();
      const task = await overdue();
      const [renewed, taken] = await Promise.all([queue.renew(task), queue.lapse()]);
      expect(taken).toBe(0);
      expect((await queue.stored(task)).state).toEqual(renewed.state);
      await untilTime(subject(), renewed.state.lease?.expiresAt ?? 0);
      expect(await queue.lapse()).toBe(1);
    });

    it('looks at those who are overdue longest, no more at once than asked for', async () => {
      const { queue } = subject();
      const tasks = await severalOverdue(5);
      const waiting = async (): Promise<boolean[]> =>
        Promise.all(tasks.map(async (task) => (await queue.stored(task)).status === 'waiting'));
      expect(await queue.lapse(2)).toBe(2);
      expect(await waiting()).toEqual([true, true, false, false, false]);
      expect(await queue.lapse(2)).toBe(2);
      expect(await queue.lapse(2)).toBe(1);
      expect(await queue.lapse(2)).toBe(0);
      expect(await waiting()).toEqual(times(5, () => true));
    });

    it('counts only what the decision takes', async () => {
      const { queue } = subject();
      const tasks = await severalOverdue(3);
      const first = tasks[0]?.id;
      const taken = await queue.store.lapse(10, (task, now) =>
        task.id === first ? task.lapse(RETRY, now) : { task, effects: [] },
      );
      expect(taken).toBe(1);
      expect((await queue.all()).map(({ status }) => status)).toEqual(['waiting', 'working', 'working']);
    });

    it('takes none when the decision about one of them throws', async () => {
      const { queue } = subject();
      const tasks = await severalOverdue(3);
      const boom = new Error('boom');
      const sweep = queue.store.lapse(10, (task, now) => {
        if (task.id === tasks[2]?.id) throw boom;
        return task.lapse(RETRY, now);
      });
      await expect(sweep).rejects.toBe(boom);
      expect((await queue.all()).map(({ state }) => state)).toEqual(tasks.map(({ state }) => state));
      expect(await queue.events()).toHaveLength(6);
    });

    it('puts what it takes back to where it arrived', async () => {
      const { queue } = subject();
      const task = await overdue({ prompt: 'first' });
      await queue.createAll([{ prompt: 'second' }, { prompt: 'urgent', priority: 9 }]);
      await queue.lapse();
      expect((await queue.drain()).map(({ state }) => state.prompt)).toEqual(['urgent', 'first', 'second']);
      expect((await queue.stored(task)).attempt).toBe(2);
    });

    it('takes each task once, whatever its holder and other sweeps do at the same moment', async () => {
      const { queue } = subject();
      const tasks = await severalOverdue(30);
      const completions = Promise.allSettled(tasks.slice(0, 20).map((task) => queue.complete(task)));
      const sweeps = Promise.all(times(4, () => queue.lapse(10)));
      const completed = (await completions).filter(({ status }) => status === 'fulfilled').length;
      const taken = (await sweeps).reduce((sum, count) => sum + count, 0) + (await queue.lapse());
      expect(completed + taken).toBe(30);
      const commands = (await queue.events()).map(({ command }) => command);
      expect(commands.filter((command) => command === 'complete')).toHaveLength(completed);
      expect(commands.filter((command) => command === 'expire')).toHaveLength(taken);
      expect(await queue.store.countByStatus()).toMatchObject({ waiting: taken, working: 0, completed });
    });
  });

  describe('the end of a task’s own time', () => {
    it('fails it, however often its lease was renewed', async () => {
      const { queue } = subject();
      const task = await timedOut();
      await queue.renew(task, { progress: 99 });
      expect(await queue.lapse()).toBe(1);
      expect((await queue.stored(task)).state).toMatchObject({
        ...{ status: 'failed', errorMessage: 'timed out after 1 s', retryCount: 0 },
        lease: { endedBy: 'time_out', progress: 99 },
      });
      expect(await lastRow(task)).toMatchObject({
        ...{ command: 'time_out', from: 'working', to: 'failed', details: { reason: 'timed out after 1 s' } },
      });
      await expect(queue.complete(task)).rejects.toThrow(LeaseLost);
    });

    it('lets a task that retries itself wait, later and later', async () => {
      const { queue } = subject();
      const task = await timedOut({ autoRetry: true });
      expect(await queue.lapse()).toBe(1);
      const { state } = await queue.stored(task);
      expect(state).toMatchObject({ status: 'waiting', gate: 'scheduled', retryCount: 1 });
      expect(state.availableAt).toBe(state.updatedAt + RETRY.baseMs * 0.75);
      expect(await queue.claim()).toBeNull();
    });

    if (setsClock) {
      it('is counted from the claim, to the millisecond', async () => {
        const { queue, clock } = subject();
        await queue.create({ timeoutSeconds: 604_800 });
        const task = await queue.claimed({}, { lengthMs: 1e12 });
        clock?.advance(604_800_000 - 1);
        expect(await queue.lapse()).toBe(0);
        clock?.advance(1);
        expect(await queue.lapse()).toBe(1);
        expect((await queue.stored(task)).status).toBe('failed');
      });

      it('is looked at in the order in which it ends, among the leases that do', async () => {
        const { queue, clock } = subject();
        await queue.createAll([{ prompt: 'b', timeoutSeconds: 2 }, { prompt: 'a' }, { prompt: 'c' }]);
        for (const lengthMs of [10_000, 1_000, 3_000]) await queue.claimed({}, { lengthMs });
        clock?.advance(60_000);
        for (let left = 3; left > 0; left -= 1) expect(await queue.lapse(1)).toBe(1);
        const ends = (await queue.events()).slice(6).map(({ taskId }) => taskId);
        const prompts = await Promise.all(ends.map((id) => queue.store.find(id)));
        expect(prompts.map((task) => task?.state.prompt)).toEqual(['a', 'b', 'c']);
      });
    }
  });
}
