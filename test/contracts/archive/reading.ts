import { TaskArchived, type Task } from '@task/domain';
import { TASK_ID } from '../../support/builders';
import { readAll } from '../event-log.contract';
import type { Abilities, Subject } from '../subject';
import { archiveAll, archived, live, total } from './ended-tasks';

export function describeReading(subject: () => Subject, { reopens = false }: Abilities): void {
  it('still finds them by their id, whole', async () => {
    const { queue } = subject();
    const tasks = await archived(subject());
    for (const task of Object.values(tasks) as Task[]) {
      expect((await queue.stored(task)).state).toEqual(task.state);
    }
    expect(await queue.store.find(tasks.completed.id.toUpperCase())).not.toBeNull();
    expect(await queue.store.find(TASK_ID)).toBeNull();
    expect(await queue.store.history(TASK_ID)).toBeNull();
  });

  it('keeps their history with them', async () => {
    const { queue } = subject();
    const tasks = await live(subject());
    const before = await Promise.all(Object.values(tasks).map((task: Task) => queue.history(task)));
    await archiveAll(subject());
    const after = await Promise.all(Object.values(tasks).map((task: Task) => queue.history(task)));
    expect(after).toEqual(before);
  });

  it('shows them in no list, and counts them in no list’s total', async () => {
    const { queue } = subject();
    await archived(subject());
    expect(await total(subject())).toBe(2);
    expect(await total(subject(), { status: 'completed' })).toBe(0);
    expect(await total(subject(), { taskType: 'build' })).toBe(0);
    expect(await total(subject(), { tags: { names: ['b'], mode: 'any' } })).toBe(1);
    expect(await queue.all({ taskType: 'build' })).toEqual([]);
    expect(await queue.all({ status: 'failed' }, { by: 'priority', order: 'desc' })).toEqual([]);
    await queue.create({ taskType: 'build', workDirectory: '/srv/a', kbId: '知识' });
    expect([
      await total(subject(), { taskType: 'build' }),
      await total(subject(), { directoryContains: '/a/' }),
    ]).toEqual([1, 1]);
  });

  it('leaves all counts and statistics as they were', async () => {
    const { statistics, queue, workers } = subject();
    await live(subject());
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

  describe('the event log', () => {
    it('is whole behind the last event of what was archived, and says so', async () => {
      const { queue, events } = subject();
      const { working } = await live(subject());
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
      const { completed } = await live(subject());
      const before = await queue.history(completed);
      await archiveAll(subject());
      expect(await readAll(events, 0, 100, { taskId: completed.id })).toEqual(before);
      expect(await readAll(events, before[0]?.eventId, 1, { taskId: completed.id })).toEqual(before.slice(1));
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

  if (reopens) {
    it('is the same after a restart', async () => {
      const { queue, events, reopen } = subject();
      const { completed, failed } = await archived(subject());
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
}
