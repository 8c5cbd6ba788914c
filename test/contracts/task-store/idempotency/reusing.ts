import { IdempotencyKeyReused, TaskNotWaiting } from '@task/domain';
import { CountedKey } from '../../../support/counted-key';
import { only } from '../../../support/test-queue';
import type { Subject } from '../../subject';
import { cancel, claimBy, complete, everything, working } from './keyed-queue';

export function describeReusedKeys(subject: () => Subject): void {
  describe('a key that comes with another request', () => {
    it('is refused, and nothing is done', async () => {
      const { queue } = subject();
      const task = await working(subject());
      await queue.create();
      const keys = { create: new CountedKey('c'), update: new CountedKey('u'), claim: new CountedKey('l') };
      await queue.createAll([{}], keys.create);
      await queue.update(task, complete(task), keys.update);
      await claimBy(queue, keys.claim);
      const before = await everything(subject());
      for (const key of Object.values(keys)) {
        const other = key.forAnother();
        await expect(queue.createAll([{}], other)).rejects.toThrow(IdempotencyKeyReused);
        await expect(queue.update(task, cancel, other)).rejects.toThrow(IdempotencyKeyReused);
        await expect(claimBy(queue, other)).rejects.toThrow(IdempotencyKeyReused);
        expect(other.replays).toBe(0);
      }
      expect(await everything(subject())).toEqual(before);
    });

    it('is refused also where the first outcome was a refusal', async () => {
      const { queue } = subject();
      const task = await working(subject());
      const key = new CountedKey('k');
      await expect(queue.update(task, cancel, key)).rejects.toThrow(TaskNotWaiting);
      await expect(queue.update(task, cancel, key.forAnother())).rejects.toThrow(IdempotencyKeyReused);
    });

    it('is refused also when the lease has ended that it stands for', async () => {
      const { queue } = subject();
      await queue.createAll([{}, {}]);
      const key = new CountedKey('k');
      await queue.complete(only(await claimBy(queue, key)));
      await expect(claimBy(queue, key.forAnother())).rejects.toThrow(IdempotencyKeyReused);
      expect(await queue.store.countByStatus()).toMatchObject({ waiting: 1, working: 0 });
    });

    it('is still good for its own request', async () => {
      const { queue } = subject();
      const key = new CountedKey('k');
      const { id } = only(await queue.createAll([{}], key));
      await expect(claimBy(queue, key.forAnother())).rejects.toThrow(IdempotencyKeyReused);
      expect(only(await queue.createAll([{}], key)).id).toBe(id);
    });
  });
}
