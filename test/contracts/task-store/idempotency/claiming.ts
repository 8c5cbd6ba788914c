import type { Task } from '@task/domain';
import { CountedKey } from '../../../support/counted-key';
import { only, type TestQueue } from '../../../support/test-queue';
import type { Subject } from '../../subject';
import { claimBy } from './keyed-queue';

export function describeClaimKeys(subject: () => Subject): void {
  describe('a claim’s key', () => {
    it('stands for its lease as long as that lives', async () => {
      const { queue } = subject();
      await queue.createAll([{}, {}]);
      const key = new CountedKey('k');
      const task = only(await claimBy(queue, key));
      await queue.renew(task);
      expect(only(await claimBy(queue, key)).id).toBe(task.id);
    });

    it.each<[string, (queue: TestQueue, task: Task) => Promise<unknown>]>([
      ['completed', (queue, task) => queue.complete(task)],
      ['failed', (queue, task) => queue.fail(task)],
      ['released', (queue, task) => queue.release(task)],
      ['cancelled', (queue, task) => queue.cancel(task)],
      ['expired', (queue, task) => queue.update(task, (current, now) => current.expire(now))],
    ])('is free for another task once its own is %s', async (_, end) => {
      const { queue } = subject();
      await queue.createAll([{ prompt: 'first' }, { prompt: 'second' }]);
      const key = new CountedKey('k');
      const first = only(await claimBy(queue, key));
      await end(queue, first);
      const second = only(await claimBy(queue, key));
      expect(second.state.lease?.token).not.toBe(first.state.lease?.token);
      expect(second.status).toBe('working');
      expect(key.replays).toBe(0);
      expect(only(await claimBy(queue, key)).state.lease?.token).toBe(second.state.lease?.token);
      expect(key.replays).toBe(1);
    });

    it('is free when its task has gone to somebody else', async () => {
      const { queue } = subject();
      await queue.createAll([{ prompt: 'first' }, { prompt: 'second' }]);
      const key = new CountedKey('k');
      await queue.release(only(await claimBy(queue, key)));
      const taken = await queue.claimed({}, { workerId: 'worker-2' });
      expect(only(await claimBy(queue, key)).id).not.toBe(taken.id);
    });

    it('stands for several tasks at once', async () => {
      const { queue } = subject();
      await queue.createAll([{}, {}, {}, {}]);
      const key = new CountedKey('k');
      const claimed = await claimBy(queue, key, 3);
      const again = await claimBy(queue, key, 3);
      expect(again.map(({ state }) => state)).toEqual(claimed.map(({ state }) => state));
      expect(await queue.store.countByStatus()).toMatchObject({ waiting: 1, working: 3 });
    });
  });
}
