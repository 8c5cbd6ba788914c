import { IdempotencyKeyReused, TaskNotWaiting } from '@task/domain';
import { CountedKey } from '../../../support/counted-key';
import { only } from '../../../support/test-queue';
import type { Abilities, Subject } from '../../subject';
import { cancel } from './keyed-queue';

const DAY_MS = 24 * 3_600_000;

export function describeKeyTimes(
  subject: () => Subject,
  { setsClock = false, reopens = false }: Abilities,
): void {
  describe('outcomes under idempotency keys', () => {
    it('survive when those that are over are forgotten', async () => {
      const { queue } = subject();
      const key = new CountedKey('k');
      const { id } = only(await queue.createAll([{}], key));
      await queue.store.forgetOutcomes(100);
      expect(only(await queue.createAll([{}], key)).id).toBe(id);
      expect(key.replays).toBe(1);
    });

    if (reopens) {
      it('survive a restart', async () => {
        const { queue, reopen } = subject();
        const keys = {
          create: new CountedKey('c'),
          claim: new CountedKey('l'),
          refused: new CountedKey('r'),
        };
        const created = only(await queue.createAll([{}], keys.create));
        const claimed = only(await queue.claimUpTo(1, {}, {}, keys.claim));
        await expect(queue.update(claimed, cancel, keys.refused)).rejects.toThrow(TaskNotWaiting);
        await queue.create();

        const { queue: after } = await reopen();
        expect(only(await after.createAll([{}], keys.create)).state).toEqual(created.state);
        expect(only(await after.claimUpTo(1, {}, {}, keys.claim)).state).toEqual(claimed.state);
        await expect(after.update(claimed, cancel, keys.refused)).rejects.toThrow(TaskNotWaiting);
        await expect(after.createAll([{}], keys.create.forAnother())).rejects.toThrow(IdempotencyKeyReused);
        expect(Object.values(keys).map(({ replays }) => replays)).toEqual([1, 1, 1]);
        expect(await after.all()).toHaveLength(2);
      });
    }

    if (setsClock) {
      it('are kept for a day, to the millisecond', async () => {
        const { queue, clock } = subject();
        const key = new CountedKey('k');
        const first = only(await queue.createAll([{}], key));
        clock?.advance(DAY_MS - 1);
        expect(only(await queue.createAll([{}], key)).id).toBe(first.id);
        clock?.advance(1);
        const second = only(await queue.createAll([{}], key));
        expect(second.id).not.toBe(first.id);
        expect(key.replays).toBe(1);
        clock?.advance(DAY_MS - 1);
        expect(only(await queue.createAll([{}], key)).id).toBe(second.id);
      });

      it('are no hindrance to another request once they are over', async () => {
        const { queue, clock } = subject();
        const key = new CountedKey('k');
        await queue.createAll([{}], key);
        clock?.advance(DAY_MS);
        await expect(queue.createAll([{}], key.forAnother())).resolves.toHaveLength(1);
      });

      it('are not prolonged by being told again', async () => {
        const { queue, clock } = subject();
        const key = new CountedKey('k');
        const first = only(await queue.createAll([{}], key));
        clock?.advance(DAY_MS - 1);
        await queue.createAll([{}], key);
        clock?.advance(1);
        expect(only(await queue.createAll([{}], key)).id).not.toBe(first.id);
      });

      it('are kept as before when some that are over are forgotten, at most as many as asked for', async () => {
        const { queue, clock } = subject();
        const old = Array.from({ length: 5 }, (_, index) => new CountedKey(`old ${index}`));
        for (const key of old) await queue.createAll([{}], key);
        clock?.advance(DAY_MS / 2);
        const young = new CountedKey('young');
        const { id } = only(await queue.createAll([{}], young));
        clock?.advance(DAY_MS / 2);
        for (let step = 0; step < 4; step += 1) await queue.store.forgetOutcomes(2);
        expect(only(await queue.createAll([{}], young)).id).toBe(id);
        for (const key of old) await queue.createAll([{}], key);
        expect(old.map(({ replays }) => replays)).toEqual([0, 0, 0, 0, 0]);
      });
    }
  });
}
