import { TaskCancelled, type Task } from '@task/domain';
import { proofOf } from '../support/test-queue';
import { shortly, untilTime, useStore, type OpenedStore } from './subject';

/** What every adapter of the port ConcurrencyKeys has to do, together with the store of tasks that it belongs to. */
export function describeConcurrencyKeys(name: string, open: () => Promise<OpenedStore>): void {
  describe(`ConcurrencyKeys ${name}`, () => {
    const current = useStore(open);
    const create = (count: number, changes = {}): Promise<readonly Task[]> =>
      current().queue.createAll(
        Array.from({ length: count }, () => ({ concurrencyKey: 'deploy', ...changes })),
      );
    const load = async (): Promise<unknown> => {
      const found = await current().concurrencyKeys.find('deploy');
      return found === null ? null : [found.limit, found.working, found.ready, found.held];
    };

    const onFirst = (first: Task): Promise<Task> =>
      current().queue.createOn([first], 'wait', { concurrencyKey: 'deploy' });

    it('lets one task of a key be claimed at a time, where nobody has said otherwise', async () => {
      const { queue } = current();
      const [first, second] = (await create(2)) as [Task, Task];
      expect(first.state.gate).toBe('ready');
      expect(await load()).toEqual([1, 0, 1, 1]);
      const claimed = await queue.claimed();
      expect(claimed.id).toBe(first.id);
      expect(await queue.claim()).toBeNull();
      expect(await load()).toEqual([1, 1, 0, 1]);
      await queue.complete(claimed);
      expect((await queue.claimed()).id).toBe(second.id);
      expect(await load()).toEqual([1, 1, 0, 0]);
    });

    it('lets as many be claimed as the limit says, and no more', async () => {
      const { queue, concurrencyKeys } = current();
      await concurrencyKeys.setLimit('deploy', 3);
      await create(5);
      expect(await queue.drain()).toHaveLength(3);
      expect(await load()).toEqual([3, 3, 0, 2]);
    });

    it('leaves other keys, and tasks without one, alone', async () => {
      const { queue } = current();
      await create(2);
      await queue.createAll([{ concurrencyKey: 'Deploy' }, {}]);
      expect(await queue.drain()).toHaveLength(3);
    });

    it('gives the slot back whatever ends the work', async () => {
      const { queue } = current();
      await create(5, { timeoutSeconds: 1, maxRetries: 0 });
      await queue.complete(await queue.claimed());
      await queue.fail(await queue.claimed(), { retryable: false });
      await queue.release(await queue.claimed());
      expect(await load()).toEqual([1, 0, 1, 2]);
      const late = await queue.claimed();
      await untilTime(current(), late.state.lease?.timeoutAt ?? 0);
      expect(await queue.lapse()).toBe(1);
      expect(await load()).toEqual([1, 0, 1, 1]);
      const [last] = await queue.all({ status: 'waiting' });
      if (last !== undefined) await queue.cancel(await queue.stored(last));
      expect(await load()).toEqual([1, 0, 1, 0]);
    });

    it('keeps the slot of a cancelled task until its worker knows', async () => {
      const { queue } = current();
      await create(2);
      const claimed = await queue.claimed();
      await queue.cancel(claimed);
      expect(await load()).toEqual([1, 1, 0, 1]);
      expect(await queue.claim()).toBeNull();
      await expect(queue.renew(claimed)).rejects.toBeInstanceOf(TaskCancelled);
      expect(await load()).toEqual([1, 0, 1, 0]);
      await expect(queue.complete(claimed, null, proofOf(claimed))).rejects.toBeInstanceOf(TaskCancelled);
      expect(await queue.drain()).toHaveLength(1);
    });

    it('keeps the slot of a cancelled task no longer than its lease', async () => {
      const { queue } = current();
      await create(2);
      const claimed = await queue.claimed({}, { lengthMs: shortly(current()) });
      await queue.cancel(claimed);
      expect(await queue.lapse()).toBe(0);
      await untilTime(current(), claimed.state.lease?.expiresAt ?? 0);
      expect(await queue.lapse()).toBe(1);
      expect(await load()).toEqual([1, 0, 1, 0]);
      expect((await queue.stored(claimed)).status).toBe('cancelled');
      expect(await queue.lapse()).toBe(0);
    });

    it('lets the urgent go first, also those that come later', async () => {
      const { queue } = current();
      await create(2, { priority: 5 });
      const [urgent] = await create(1, { priority: 9 });
      expect(urgent?.state.gate).toBe('ready');
      expect(await load()).toEqual([1, 0, 1, 2]);
      expect((await queue.claimed()).id).toBe(urgent?.id);
    });

    it('lets the urgent go first, also where a slot gets free at the same time', async () => {
      const { queue, concurrencyKeys } = current();
      await concurrencyKeys.setLimit('deploy', 2);
      const [first] = (await create(1, { concurrencyKey: null })) as [Task];
      const early = [await onFirst(first), await onFirst(first)];
      await queue.complete(await queue.claimed());
      const [late] = (await create(1)) as [Task];
      expect((await queue.stored(late)).state.gate).toBe('ready');
      await queue.tellAll();
      expect((await queue.stored(late)).state.gate).toBe('held');
      expect((await queue.drain()).map(({ id }) => id)).toEqual(early.map(({ id }) => id));
    });

    it('takes back the less urgent when the limit is lowered as the urgent come', async () => {
      const { queue, concurrencyKeys } = current();
      await concurrencyKeys.setLimit('deploy', 2);
      const [usual] = (await create(2, { priority: 5 })) as [Task, Task];
      const [[urgent]] = await Promise.all([
        create(1, { priority: 9 }),
        concurrencyKeys.setLimit('deploy', 1),
      ]);
      expect(await load()).toEqual([1, 0, 1, 2]);
      expect((await queue.claimed()).id).toBe(urgent?.id);
      expect((await queue.stored(usual)).state.gate).toBe('held');
    });

    it('holds a task that its time or its dependencies keep back anyway only when those let it go', async () => {
      const { queue } = current();
      const [first] = (await create(1)) as [Task];
      const blocked = await queue.createOn([first], 'wait', { concurrencyKey: 'deploy' });
      const due = (await queue.now()) + shortly(current());
      const [scheduled] = (await create(1, { availableAt: due })) as [Task];
      expect(await load()).toEqual([1, 0, 1, 0]);
      expect([blocked.state.gate, scheduled.state.gate]).toEqual(['blocked', 'scheduled']);
      await queue.complete(await queue.claimed());
      await queue.tellAll();
      expect(await load()).toEqual([1, 0, 1, 0]);
      await untilTime(current(), due);
      expect((await queue.claimed()).id).toBe(blocked.id);
      expect(await load()).toEqual([1, 1, 0, 1]);
      expect((await queue.stored(scheduled)).state.gate).toBe('held');
    });

    it('admits more at once when the limit is raised', async () => {
      const { concurrencyKeys, queue } = current();
      await create(4);
      expect(await concurrencyKeys.setLimit('deploy', 3)).toEqual({
        ...{ key: 'deploy', limit: 3 },
        ...{ working: 0, ready: 3, held: 1 },
      });
      expect(await queue.drain()).toHaveLength(3);
    });

    it('claims nothing beyond a limit that is lowered, and stops nobody', async () => {
      const { concurrencyKeys, queue } = current();
      await concurrencyKeys.setLimit('deploy', 3);
      await create(5);
      const [one, two] = (await queue.claimUpTo(2)) as [Task, Task];
      expect(await concurrencyKeys.setLimit('deploy', 1)).toMatchObject({ working: 2, ready: 0, held: 3 });
      expect(await queue.claim()).toBeNull();
      await queue.complete(one);
      expect(await queue.claim()).toBeNull();
      await queue.complete(two);
      expect(await queue.drain()).toHaveLength(1);
    });

    it('counts from the table after a new start', async () => {
      const before = current();
      await create(3);
      const claimed = await before.queue.claimed();
      const after = before.canReopen ? await before.reopen() : before;
      expect(await after.queue.claim()).toBeNull();
      await after.queue.complete(claimed);
      await after.queue.create({ concurrencyKey: 'deploy', priority: 1 });
      expect(await after.queue.drain()).toHaveLength(1);
    });

    it('has no key that nobody named', async () => {
      expect(await load()).toBeNull();
      expect(await current().concurrencyKeys.list('', 10)).toEqual([]);
    });

    it('lists keys by name, a page at a time', async () => {
      const { concurrencyKeys } = current();
      for (const key of ['b', 'a', 'c']) await concurrencyKeys.setLimit(key, 2);
      const names = async (after: string, limit: number): Promise<string[]> =>
        (await concurrencyKeys.list(after, limit)).map(({ key }) => key);
      expect(await names('', 2)).toEqual(['a', 'b']);
      expect(await names('b', 2)).toEqual(['c']);
    });

    it('has nothing stranded when all is well', async () => {
      await create(3);
      await current().concurrencyKeys.settleStranded(10);
      expect(await load()).toEqual([1, 0, 1, 2]);
    });
  });
}
