import { NOW } from '../../../../test/support/builders';
import { readyTasks } from '../../../../test/support/manual-commits';
import { allThatFollows } from '../../../../test/support/manual-timers';
import { countGivenTo, WaitingRoom } from '../../../../test/support/waiting-room';

describe('WaitingClaims', () => {
  describe('for a scheduled task', () => {
    it('looks when it is due, and not before', async () => {
      const waiting = new WaitingRoom();
      waiting.store.dueAt = NOW + 5_000;
      const waiter = await waiting.wait('a');
      await waiting.timers.advance(5_000);
      expect(waiting.looks).toEqual(['a']);
      waiting.shelf.push(readyTasks());
      waiting.store.dueAt = null;
      await waiting.timers.advance(10);
      expect(waiter.answer).toHaveLength(1);
    });

    it('lets the oldest look, whose claim makes it ready for whom it suits', async () => {
      const waiting = new WaitingRoom();
      waiting.store.dueAt = NOW + 5_000;
      const oldest = await waiting.wait('oldest', { filter: { taskTypes: ['build'] } });
      const suited = await waiting.wait('suited', { filter: { taskTypes: ['test'] } });
      waiting.looks.length = 0;
      await waiting.timers.advance(5_010);
      expect(waiting.looks[0]).toBe('oldest');
      waiting.store.dueAt = null;
      await waiting.put(readyTasks({ taskType: 'test' }));
      expect([oldest, suited].map(countGivenTo)).toEqual([null, 1]);
    });

    it('looks earlier when one is scheduled that is due earlier', async () => {
      const waiting = new WaitingRoom();
      waiting.store.dueAt = NOW + 20_000;
      await waiting.wait('a');
      waiting.store.dueAt = NOW + 5_000;
      waiting.commits.publish({ scheduledFor: NOW + 5_000 });
      await waiting.timers.advance(5_010);
      expect(waiting.looks.length).toBeGreaterThan(1);
    });

    it('looks again and again while the store says that it is due, but with a pause', async () => {
      const waiting = new WaitingRoom();
      waiting.store.dueAt = NOW;
      await waiting.wait('a');
      await waiting.timers.advance(1_000);
      expect(waiting.looks.length).toBeGreaterThan(5);
      expect(waiting.looks.length).toBeLessThan(110);
    });

    it('looks again within half a minute when the store does not answer', async () => {
      const waiting = new WaitingRoom();
      waiting.store.isAway = true;
      await waiting.wait('a', { waitMs: 60_000 });
      await waiting.timers.advance(29_000);
      expect(waiting.looks).toEqual(['a']);
      waiting.store.isAway = false;
      await waiting.timers.advance(1_100);
      expect(waiting.looks).toEqual(['a', 'a']);
    });

    it('looks again within half a minute for one that is due much later', async () => {
      const waiting = new WaitingRoom();
      waiting.store.dueAt = NOW + 1e12;
      await waiting.wait('a', { waitMs: 60_000 });
      await waiting.timers.advance(30_010);
      expect(waiting.looks).toEqual(['a', 'a']);
    });

    it('sets no timer while nobody waits', async () => {
      const waiting = new WaitingRoom();
      waiting.commits.publish({ scheduledFor: NOW + 5_000 });
      await allThatFollows();
      expect([waiting.store.asked, waiting.timers.count]).toEqual([0, 0]);
    });

    it('asks no more when the last one who waited has gone', async () => {
      const waiting = new WaitingRoom();
      waiting.store.dueAt = NOW + 5_000;
      await waiting.wait('a', { waitMs: 1_000 });
      await waiting.timers.advance(10_000);
      expect([waiting.looks, waiting.timers.count]).toEqual([['a'], 0]);
    });

    it('does not go by what was due when nobody waited', async () => {
      const waiting = new WaitingRoom();
      waiting.store.dueAt = NOW + 20_000;
      await waiting.wait('a', { waitMs: 1_000 });
      await waiting.timers.advance(1_000);
      waiting.store.dueAt = NOW + 5_000;
      waiting.commits.publish({ scheduledFor: NOW + 5_000 });
      await waiting.wait('b');
      await waiting.timers.advance(5_000);
      expect(waiting.looks).toContain('b');
      expect(waiting.looks.filter((name) => name === 'b').length).toBeGreaterThan(1);
    });

    it('does not go by an answer that a later one has overtaken', async () => {
      const waiting = new WaitingRoom();
      waiting.store.onTheirWay = [];
      await waiting.wait('a');
      waiting.store.dueAt = NOW + 5_000;
      waiting.commits.publish({ scheduledFor: NOW + 5_000 });
      await allThatFollows();
      for (const answer of waiting.store.onTheirWay.splice(0).reverse()) answer();
      await allThatFollows();
      for (const answer of waiting.store.onTheirWay.splice(0)) answer();
      await waiting.timers.advance(5_010);
      expect(waiting.looks.length).toBeGreaterThan(1);
    });
  });
});
