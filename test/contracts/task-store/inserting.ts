import { CreateTask, CreateTasks } from '@task/application';
import { QueueFull, Task } from '@task/domain';
import { ACTOR, CALL, draft, policy, TASK_ID } from '../../support/builders';
import { only } from '../../support/test-queue';
import type { Subject } from '../subject';
import { memoryGuard } from '../../support/told-memory';

export function describeInserts(subject: () => Subject): void {
  describe('inserting', () => {
    it('keeps a new task as it was decided', async () => {
      const { queue } = subject();
      const task = await queue.create({ priority: 7 });
      expect(task.state).toMatchObject({ status: 'waiting', gate: 'ready', priority: 7, version: 1 });
      expect((await queue.stored(task)).state).toEqual(task.state);
    });

    it('keeps the order of arrival, within one command and over several', async () => {
      const { queue } = subject();
      const several = await queue.createAll([{}, {}, {}]);
      const another = await queue.create();
      const arrived = [...several, another].map(({ id }) => id);
      expect((await queue.all()).map(({ id }) => id)).toEqual(arrived);
      expect((await queue.drain()).map(({ id }) => id)).toEqual(arrived);
    });

    it('answers with the tasks in the order given', async () => {
      const tasks = await subject().queue.createAll([{ priority: 1 }, { priority: 10 }, { priority: 5 }]);
      expect(tasks.map(({ state }) => state.priority)).toEqual([1, 10, 5]);
    });

    it('tells the decision how many tasks wait', async () => {
      const { queue } = subject();
      const [working, cancelled] = await queue.createAll([{ priority: 9 }, {}, {}, { availableAt: 9e12 }]);
      if (working === undefined || cancelled === undefined) throw new Error('too few tasks');
      await queue.claimed();
      await queue.cancel(cancelled);
      expect(await waitingToldTo(subject())).toBe(2);
    });

    it('stores nothing when the decision throws, and leaves no gap in the event log', async () => {
      const { queue } = subject();
      const refusal = new QueueFull(0);
      const refused = queue.store.insert(() => {
        throw refusal;
      }, CALL.signal);
      await expect(refused).rejects.toBe(refusal);
      const task = await queue.create();
      expect((await queue.events()).map(({ taskId, eventId }) => [taskId, eventId])).toEqual([[task.id, 1]]);
    });

    it('stores none of several when one has the id of another task', async () => {
      const { queue } = subject();
      const taken = await queue.create({ prompt: 'the first of this id' });
      const both = queue.store.insert(
        (now) => [TASK_ID, taken.id].map((id) => Task.create(draft(), id, ACTOR, now)),
        CALL.signal,
      );
      await expect(both).rejects.toThrow();
      expect(await queue.store.find(TASK_ID)).toBeNull();
      expect((await queue.stored(taken)).state).toEqual(taken.state);
      expect(await queue.store.countByStatus()).toMatchObject({ waiting: 1 });
      expect(await queue.events()).toHaveLength(1);
    });

    it('takes a decision for no task at all', async () => {
      const { queue } = subject();
      expect(await queue.createAll([])).toEqual([]);
      expect(await queue.all()).toEqual([]);
    });

    it('gives one command a thousand tasks', async () => {
      const { queue } = subject();
      const tasks = await queue.createAll(
        Array.from({ length: 1000 }, (_, index) => ({ prompt: `${index}` })),
      );
      expect((await queue.all()).map(({ state }) => state.prompt)).toEqual(
        tasks.map(({ state }) => state.prompt),
      );
      expect(await queue.store.countByStatus()).toMatchObject({ waiting: 1000 });
    });

    describe('a queue that may hold three', () => {
      const create = ({ queue }: Subject): Promise<Task> =>
        new CreateTask(
          new CreateTasks(queue.store, queue.ids, policy({ maxWaiting: 3 }), memoryGuard()),
        ).execute({ prompt: 'go' }, CALL);

      it('takes exactly three of ten that come at once', async () => {
        const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => create(subject())));
        const refused = outcomes.flatMap((outcome) =>
          outcome.status === 'rejected' ? [outcome.reason] : [],
        );
        expect(refused).toHaveLength(7);
        expect(refused.every((reason) => reason instanceof QueueFull)).toBe(true);
        expect(await subject().queue.all()).toHaveLength(3);
      });

      it('takes another one when one is claimed, but still takes a task back', async () => {
        const { queue } = subject();
        const first = await create(subject());
        await create(subject());
        await create(subject());
        await queue.fail(await queue.claimed());
        await create(subject());
        await expect(create(subject())).rejects.toThrow(QueueFull);
        await queue.retry(first);
        expect(await queue.store.countByStatus()).toMatchObject({ waiting: 4, failed: 0 });
      });
    });
  });
}

async function waitingToldTo({ queue }: Subject): Promise<number> {
  const told: number[] = [];
  await queue.store.insert((_, waiting) => {
    told.push(waiting);
    return [];
  }, CALL.signal);
  return only(told.slice(-1));
}
