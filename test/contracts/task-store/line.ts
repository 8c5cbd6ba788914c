import type { Task } from '@task/domain';
import { TASK_ID } from '../../support/builders';
import { SeededRandom } from '../../support/seeded-random';
import { shortly, untilTime, type Subject } from '../subject';

const FAR_FUTURE = Date.UTC(2200, 0, 1);

export function describeLine(subject: () => Subject): void {
  /** The place of each task, as whoever looks at all of them counts it. */
  const recount = async (): Promise<ReadonlyMap<string, number>> => {
    const tasks = await subject().queue.all();
    const line = tasks
      .filter(({ state }) => state.status === 'waiting' && state.gate === 'ready')
      .sort((left, right) => right.state.priority - left.state.priority)
      .map(({ id }) => id);
    return new Map(tasks.map(({ id }) => [id, line.indexOf(id) + 1]));
  };
  const told = async (): Promise<ReadonlyMap<string, number>> => {
    const { queue } = subject();
    const tasks = await queue.all();
    const places = await Promise.all(tasks.map(async ({ id }) => queue.store.placeInLine(id)));
    return new Map(tasks.map(({ id }, index) => [id, places[index] ?? Number.NaN]));
  };
  const placeOf = ({ id }: Task): Promise<number> => subject().queue.store.placeInLine(id);

  describe('the place in line', () => {
    it('is 1 for the next to be claimed, and moves up', async () => {
      const { queue } = subject();
      const [first, second, urgent] = (await queue.createAll([{}, {}, { priority: 9 }])) as [
        Task,
        Task,
        Task,
      ];
      expect(await Promise.all([urgent, first, second].map(placeOf))).toEqual([1, 2, 3]);
      await queue.claimed();
      expect(await Promise.all([urgent, first, second].map(placeOf))).toEqual([0, 1, 2]);
      await queue.cancel(first);
      expect(await placeOf(second)).toBe(1);
    });

    it('is 0 for what cannot be claimed now', async () => {
      const { queue } = subject();
      const scheduled = await queue.create({ availableAt: FAR_FUTURE });
      await queue.create();
      const working = await queue.claimed();
      expect(await Promise.all([scheduled, working].map(placeOf))).toEqual([0, 0]);
      expect(await placeOf(await queue.complete(working))).toBe(0);
    });

    it.each([TASK_ID, 'unheard of', '', '%', "' OR 1=1 --"])('is 0 for %j, which names none', async (id) => {
      await subject().queue.create();
      expect(await subject().queue.store.placeInLine(id)).toBe(0);
    });

    it('is found by a UUID in either case', async () => {
      const { queue } = subject();
      const { id } = await queue.create();
      expect(await queue.store.placeInLine(id.toUpperCase())).toBe(1);
    });

    it('is what a recount says, after whatever happened', async () => {
      const { queue } = subject();
      const chance = new SeededRandom(7);
      await queue.createAll(
        Array.from({ length: 80 }, () => ({
          priority: chance.whole(1, 10),
          autoRetry: chance.next() < 0.5,
          availableAt: chance.next() < 0.2 ? FAR_FUTURE : null,
        })),
      );
      for (let step = 0; step < 60; step += 1) {
        const task = await queue.claimed();
        const choice = step % 5;
        if (choice === 0) await queue.complete(task);
        if (choice === 1) await queue.release(task);
        if (choice === 2) await queue.retry(await queue.fail(task, { retryable: false }));
        if (choice === 3) await queue.fail(task);
        if (step % 12 === 0) expect(await told()).toEqual(await recount());
      }
      expect(await told()).toEqual(await recount());
    });

    it('is right however many came before it', async () => {
      const { queue } = subject();
      const tasks: Task[] = [];
      for (let part = 0; part < 3; part += 1) {
        const drafts = Array.from({ length: 900 }, (_, index) => ({ priority: index % 3 === 0 ? 8 : 5 }));
        tasks.push(...(await queue.createAll(drafts)));
      }
      const gone = await queue.claimUpTo(50);
      const ready = tasks.filter(({ id }) => !gone.some((task) => task.id === id));
      const line = [8, 5].flatMap((priority) => ready.filter(({ state }) => state.priority === priority));
      const asked = [0, 1, 333, 849, 850, 1_200, 1_533, 2_000, line.length - 1];
      const places = await Promise.all(asked.map((index) => queue.store.placeInLine(line[index]?.id ?? '')));
      expect(places).toEqual(asked.map((index) => index + 1));
    });
  });

  describe('the next due time', () => {
    it('is none where nothing is scheduled', async () => {
      const { queue } = subject();
      expect(await queue.store.nextDueAt()).toBeNull();
      await queue.createAll([{}, { availableAt: 1 }]);
      expect(await queue.store.nextDueAt()).toBeNull();
    });

    it('is the earliest of all, whatever its urgency', async () => {
      const { queue } = subject();
      await queue.createAll([
        { availableAt: FAR_FUTURE + 2, priority: 10 },
        { availableAt: FAR_FUTURE + 1, priority: 1 },
        { availableAt: FAR_FUTURE + 3 },
      ]);
      expect(await queue.store.nextDueAt()).toBe(FAR_FUTURE + 1);
    });

    it('goes on to the next when a task is cancelled, or has been claimed', async () => {
      const { queue } = subject();
      const soon = (await queue.now()) + shortly(subject());
      const [first, , last] = (await queue.createAll([
        { availableAt: FAR_FUTURE },
        { availableAt: soon },
        { availableAt: FAR_FUTURE + 1 },
      ])) as [Task, Task, Task];
      expect(await queue.store.nextDueAt()).toBe(soon);
      await untilTime(subject(), soon);
      await queue.claimed();
      expect(await queue.store.nextDueAt()).toBe(FAR_FUTURE);
      await queue.cancel(first);
      expect(await queue.store.nextDueAt()).toBe(FAR_FUTURE + 1);
      await queue.cancel(last);
      expect(await queue.store.nextDueAt()).toBeNull();
    });

    it('is that of a retry that waits', async () => {
      const { queue } = subject();
      await queue.create({ autoRetry: true });
      const failed = await queue.fail(await queue.claimed());
      expect(await queue.store.nextDueAt()).toBe(failed.state.availableAt);
    });
  });
}
