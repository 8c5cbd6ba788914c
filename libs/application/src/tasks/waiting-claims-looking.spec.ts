import { readyTasks } from '../../../../test/support/manual-commits';
import { countGivenTo, typesGivenTo, WAIT_MS, WaitingRoom } from '../../../../test/support/waiting-room';

describe('WaitingClaims', () => {
  describe('while a look is on its way', () => {
    it('does not lose a second call', async () => {
      const waiting = new WaitingRoom();
      waiting.onTheirWay = [];
      const waiter = await waiting.wait('a');
      waiting.commits.publish({ ready: [readyTasks()] });
      await waiting.letThrough();
      waiting.shelf.push(readyTasks());
      await waiting.letThrough();
      expect(waiting.looks).toEqual(['a', 'a']);
      expect(waiter.answer).toHaveLength(1);
    });

    it('gives work that comes to the next one when the first is served already', async () => {
      const waiting = new WaitingRoom();
      const [first, second] = [await waiting.wait('first'), await waiting.wait('second')];
      waiting.onTheirWay = [];
      await waiting.put(readyTasks({ taskType: 'one' }));
      await waiting.put(readyTasks({ taskType: 'two' }));
      await waiting.letThrough();
      await waiting.letThrough();
      expect([first, second].map(typesGivenTo)).toEqual([['one'], ['two']]);
    });

    it('gives work to the next one when the first hung up meanwhile', async () => {
      const waiting = new WaitingRoom();
      const signal = { aborted: false };
      const [gone, next] = [await waiting.wait('gone', { signal }), await waiting.wait('next')];
      waiting.onTheirWay = [];
      await waiting.put(readyTasks());
      signal.aborted = true;
      await waiting.letThrough();
      await waiting.letThrough();
      expect(gone.answer).toBeInstanceOf(Error);
      expect(next.answer).toHaveLength(1);
    });

    it('is answered with what it gets, though its time is over', async () => {
      const waiting = new WaitingRoom();
      waiting.onTheirWay = [];
      const waiter = await waiting.wait('a');
      await waiting.timers.advance(WAIT_MS);
      expect(waiter.answer).toBe('none yet');
      waiting.shelf.push(readyTasks());
      await waiting.letThrough();
      expect(waiter.answer).toHaveLength(1);
    });

    it('is answered with nothing when its time is over and it gets nothing', async () => {
      const waiting = new WaitingRoom();
      waiting.onTheirWay = [];
      const waiter = await waiting.wait('a');
      await waiting.timers.advance(WAIT_MS);
      await waiting.letThrough();
      expect([waiter.answer, waiting.looks]).toEqual([[], ['a']]);
    });

    it('leaves work that came later to the next one when its time is over', async () => {
      const waiting = new WaitingRoom();
      const first = await waiting.wait('first', { waitMs: 1_000 });
      const second = await waiting.wait('second');
      waiting.onTheirWay = [];
      waiting.commits.publish({ ready: [readyTasks()] });
      waiting.commits.publish({ ready: [readyTasks()] });
      await waiting.timers.advance(1_000);
      await waiting.letThrough();
      waiting.shelf.push(readyTasks());
      await waiting.letThrough();
      expect([first, second].map(countGivenTo)).toEqual([0, 1]);
    });
  });
});
