import { JsonDocument } from '@task/domain';
import { CountedKey } from '../../../support/counted-key';
import { only } from '../../../support/test-queue';
import type { Subject } from '../../subject';
import { claimBy, complete, everything, working } from './keyed-queue';

export function describeRepeats(subject: () => Subject): void {
  describe('the same idempotency key again', () => {
    it('creates nothing, and answers with the tasks of the first time, in their order', async () => {
      const { queue } = subject();
      const key = new CountedKey('k');
      const first = await queue.createAll([{ priority: 1 }, { priority: 9 }, {}], key);
      expect(key.replays).toBe(0);
      const before = await everything(subject());
      const again = await queue.createAll([{ priority: 1 }, { priority: 9 }, {}], key);
      expect(again.map(({ state }) => state)).toEqual(first.map(({ state }) => state));
      expect(key.replays).toBe(1);
      expect(await everything(subject())).toEqual(before);
    });

    it('changes nothing, and answers with the task of the first time', async () => {
      const { queue } = subject();
      const task = await working(subject());
      const key = new CountedKey('k');
      const result = JsonDocument.of({ lines: 3 });
      const first = await queue.update(task, complete(task, result), key);
      const before = await everything(subject());
      let isDecided = false;
      const again = await queue.update(
        task,
        (current) => {
          isDecided = true;
          return { task: current, effects: [] };
        },
        key,
      );
      expect(again.state).toEqual(first.state);
      expect([key.replays, isDecided]).toEqual([1, false]);
      expect(await everything(subject())).toEqual(before);
    });

    it('hands out the same task', async () => {
      const { queue } = subject();
      await queue.createAll([{}, {}]);
      const key = new CountedKey('k');
      const first = only(await claimBy(queue, key));
      const again = only(await claimBy(queue, key));
      expect(again.state).toEqual(first.state);
      expect(key.replays).toBe(1);
      expect(await queue.store.countByStatus()).toMatchObject({ waiting: 1, working: 1 });
    });

    it('answers as often as asked', async () => {
      const { queue } = subject();
      const key = new CountedKey('k');
      const { id } = only(await queue.createAll([{}], key));
      for (let times = 1; times <= 5; times += 1) {
        expect(only(await queue.createAll([{}], key)).id).toBe(id);
        expect(key.replays).toBe(times);
      }
    });

    it('is another one when a letter is', async () => {
      const { queue } = subject();
      const keys = ['k', 'K', 'k ', 'kk', 'ключ', '钥匙 😀', "k' OR '1'='1", 'x'.repeat(500)];
      const tasks = await Promise.all(keys.map((key) => queue.createAll([{}], new CountedKey(key))));
      expect(new Set(tasks.map((list) => only(list).id)).size).toBe(keys.length);
      for (const [index, key] of keys.entries()) {
        expect(only(await queue.createAll([{}], new CountedKey(key))).id).toBe(only(tasks[index] ?? []).id);
      }
    });

    it('stands for nothing where no task was asked for', async () => {
      const { queue } = subject();
      const key = new CountedKey('k');
      expect(await queue.createAll([], key)).toEqual([]);
      expect(await queue.createAll([], key)).toEqual([]);
      expect(key.replays).toBe(0);
    });
  });
}
