import { readyTasks } from '../../../../test/support/manual-commits';
import { allThatFollows } from '../../../../test/support/manual-timers';
import { countGivenTo, WaitingRoom } from '../../../../test/support/waiting-room';
import type { ReadyTasks } from '../ports/commit-feed';

describe('WaitingClaims', () => {
  describe('when commits of other instances were missed', () => {
    const gap = async (waiting: WaitingRoom, ...shelf: ReadyTasks[]): Promise<void> => {
      waiting.shelf.push(...shelf);
      waiting.commits.publish({ isGap: true });
      await allThatFollows();
    };

    it('lets the oldest of those look who want the same', async () => {
      const waiting = new WaitingRoom();
      for (const name of ['a', 'b']) await waiting.wait(name);
      await waiting.wait('build', { filter: { taskTypes: ['build'] } });
      waiting.looks.length = 0;
      await gap(waiting);
      expect(waiting.looks).toEqual(['a', 'build']);
    });

    it('lets the next one look as long as there is something', async () => {
      const waiting = new WaitingRoom();
      const waiters = [await waiting.wait('a'), await waiting.wait('b'), await waiting.wait('c')];
      await gap(waiting, readyTasks(), readyTasks());
      expect(waiters.map(countGivenTo)).toEqual([1, 1, null]);
    });

    it('lets him look again whose look began before', async () => {
      const waiting = new WaitingRoom();
      const waiter = await waiting.wait('a');
      waiting.onTheirWay = [];
      waiting.commits.publish({ isGap: true });
      waiting.commits.publish({ isGap: true });
      await waiting.letThrough();
      waiting.shelf.push(readyTasks());
      await waiting.letThrough();
      expect(countGivenTo(waiter)).toBe(1);
    });

    it('asks anew when the next task is due', async () => {
      const waiting = new WaitingRoom();
      await waiting.wait('a');
      const { asked } = waiting.store;
      await gap(waiting);
      expect(waiting.store.asked).toBe(asked + 1);
    });
  });
});
