import { CountedKey } from '../../../support/counted-key';
import { only } from '../../../support/test-queue';
import type { Subject } from '../../subject';
import { claimBy, complete, working } from './keyed-queue';

export function describeKeyRaces(subject: () => Subject): void {
  describe('the same key at the same moment', () => {
    it('creates once', async () => {
      const { queue } = subject();
      const key = new CountedKey('k');
      const answers = await Promise.all(Array.from({ length: 10 }, () => queue.createAll([{}], key)));
      expect(new Set(answers.map((tasks) => only(tasks).id)).size).toBe(1);
      expect(await queue.all()).toHaveLength(1);
      expect(key.replays).toBe(9);
    });

    it('claims once', async () => {
      const { queue } = subject();
      await queue.createAll([{}, {}, {}]);
      const key = new CountedKey('k');
      const answers = await Promise.all(Array.from({ length: 10 }, () => claimBy(queue, key)));
      expect(new Set(answers.map((tasks) => only(tasks).state.lease?.token)).size).toBe(1);
      expect(await queue.store.countByStatus()).toMatchObject({ waiting: 2, working: 1 });
      expect(await queue.drain()).toHaveLength(2);
    });

    it('finishes once', async () => {
      const { queue } = subject();
      const task = await working(subject());
      const key = new CountedKey('k');
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => queue.update(task, complete(task), key)),
      );
      expect(answers.map(({ state }) => state)).toEqual(answers.map(() => answers[0]?.state));
      expect(await queue.history(task)).toHaveLength(3);
      expect(key.replays).toBe(9);
    });

    it('refuses the one of two that asks for something else', async () => {
      const { queue } = subject();
      const key = new CountedKey('k');
      const outcomes = await Promise.allSettled([
        queue.createAll([{}], key),
        queue.createAll([{}], key.forAnother()),
      ]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
        reason: { code: 'idempotency.key_reused' },
      });
      expect(await queue.all()).toHaveLength(1);
    });

    it('goes unnoticed by its neighbours', async () => {
      const { queue } = subject();
      const key = new CountedKey('k');
      const [first, , again] = await Promise.all([
        queue.createAll([{}], key),
        queue.createAll([{}]),
        queue.createAll([{}], key),
        queue.createAll([{}], new CountedKey('another')),
      ]);
      expect(only(again).id).toBe(only(first).id);
      expect((await queue.all()).map(({ id }) => id)).toHaveLength(3);
      expect((await queue.events()).map(({ eventId }) => eventId)).toEqual([1, 2, 3]);
    });
  });
}
