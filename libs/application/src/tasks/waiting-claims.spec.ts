import { NOW } from '../../../../test/support/builders';
import { readyTasks } from '../../../../test/support/manual-commits';
import { allThatFollows } from '../../../../test/support/manual-timers';
import { countGivenTo, typesGivenTo, WAIT_MS, WaitingRoom } from '../../../../test/support/waiting-room';

describe('WaitingClaims', () => {
  it('waits until there is work, and is woken by its commit', async () => {
    const waiting = new WaitingRoom();
    const waiter = await waiting.wait('a');
    expect([waiter.answer, waiting.claims.count]).toEqual(['none yet', 1]);
    await waiting.put(readyTasks());
    expect(waiter.answer).toHaveLength(1);
    expect(waiting.claims.count).toBe(0);
  });

  it('does nothing while nothing happens', async () => {
    const waiting = new WaitingRoom();
    await waiting.wait('a');
    await waiting.timers.advance(WAIT_MS - 1);
    expect(waiting.looks).toEqual(['a']);
    expect(waiting.store.asked).toBe(1);
  });

  it('does not miss work that came between the empty claim and the wait', async () => {
    const waiting = new WaitingRoom();
    waiting.shelf.push(readyTasks());
    expect((await waiting.wait('a')).answer).toHaveLength(1);
  });

  it('gives up after its time, with nothing, and leaves no timer behind', async () => {
    const waiting = new WaitingRoom();
    const waiter = await waiting.wait('a', { waitMs: 3_000 });
    await waiting.timers.advance(2_999);
    expect(waiter.answer).toBe('none yet');
    await waiting.timers.advance(1);
    expect(waiter.answer).toEqual([]);
    expect([waiting.claims.count, waiting.timers.count]).toEqual([0, 0]);
  });

  it('leaves no timer behind when it was given work', async () => {
    const waiting = new WaitingRoom();
    await waiting.wait('a');
    await waiting.put(readyTasks());
    expect(waiting.timers.count).toBe(0);
  });

  it('refuses whom the store refuses', async () => {
    const waiting = new WaitingRoom();
    const boom = new Error('boom');
    const waiter = await waiting.wait('a', { attempt: () => Promise.reject(boom) });
    expect(waiter.answer).toBe(boom);
    expect([waiting.claims.count, waiting.timers.count]).toEqual([0, 0]);
  });

  describe('when work comes', () => {
    it('goes by age, and wakes no more than there are tasks for', async () => {
      const waiting = new WaitingRoom();
      const waiters = [await waiting.wait('a'), await waiting.wait('b'), await waiting.wait('c')];
      waiting.looks.length = 0;
      await waiting.put(readyTasks({ count: 2 }));
      expect(waiters.map(countGivenTo)).toEqual([1, 1, null]);
      expect(waiting.looks).toEqual(['a', 'b']);
    });

    it('gives one as many as it asks for, and the rest to the next', async () => {
      const waiting = new WaitingRoom();
      const [several, one] = [await waiting.wait('a', { limit: 3 }), await waiting.wait('b')];
      await waiting.put(readyTasks({ count: 4 }));
      expect([several, one].map(countGivenTo)).toEqual([3, 1]);
    });

    it('wakes those whom it suits, and no other', async () => {
      const waiting = new WaitingRoom();
      const build = await waiting.wait('build', { filter: { taskTypes: ['build'] } });
      const below = await waiting.wait('below', {
        filter: { directory: { path: '/srv', recursive: true }, taskTypes: ['test', 'lint'] },
      });
      const kb = await waiting.wait('kb', { filter: { kbId: 'kb-1' } });
      waiting.looks.length = 0;
      await waiting.put(readyTasks({ taskType: 'lint' }));
      expect(waiting.looks).toEqual(['below']);
      await waiting.put(readyTasks({ taskType: 'test', kbId: 'kb-1' }), readyTasks({ taskType: 'build' }));
      expect(waiting.looks).toEqual(['below', 'kb', 'build']);
      expect([build, below, kb].map(typesGivenTo)).toEqual([['build'], ['lint'], ['test']]);
    });

    it('calls nobody for a commit that makes nothing ready', async () => {
      const waiting = new WaitingRoom();
      await waiting.wait('a');
      waiting.commits.publish({ lastEventId: 7 });
      await allThatFollows();
      expect([waiting.looks, waiting.store.asked]).toEqual([['a'], 1]);
    });

    it('lets those wait on who find nothing, since others were quicker', async () => {
      const waiting = new WaitingRoom();
      const waiter = await waiting.wait('a');
      waiting.commits.publish({ ready: [readyTasks()] });
      await allThatFollows();
      expect([waiter.answer, waiting.claims.count]).toEqual(['none yet', 1]);
      await waiting.put(readyTasks());
      expect(waiter.answer).toHaveLength(1);
    });

    it('calls others for what the first one left, who took something more urgent', async () => {
      const waiting = new WaitingRoom();
      const any = await waiting.wait('any');
      const build = await waiting.wait('build', { filter: { taskTypes: ['build'] } });
      const test = await waiting.wait('test', { filter: { taskTypes: ['test'] } });
      const [urgent, other] = [readyTasks({ taskType: 'test' }), readyTasks({ taskType: 'build' })];
      waiting.shelf.push(urgent, other);
      waiting.commits.publish({ ready: [other, urgent] });
      await allThatFollows();
      expect([any, build, test].map(typesGivenTo)).toEqual([['test'], ['build'], 'none yet']);
    });

    it('passes over those who hung up, and answers them', async () => {
      const waiting = new WaitingRoom();
      const signal = { aborted: false };
      const [gone, next] = [await waiting.wait('gone', { signal }), await waiting.wait('next')];
      waiting.looks.length = 0;
      signal.aborted = true;
      await waiting.put(readyTasks());
      expect(waiting.looks).toEqual(['next']);
      expect([gone, next].map(countGivenTo)).toEqual([0, 1]);
      expect(waiting.claims.count).toBe(0);
    });

    it('lets go at once of those whose caller tells that it hung up', async () => {
      const waiting = new WaitingRoom();
      const tells: (() => void)[] = [];
      const signal = { aborted: false, onAbort: (tell: () => void) => tells.push(tell) };
      const gone = await waiting.wait('gone', { signal });
      expect([waiting.claims.count, countGivenTo(gone)]).toEqual([1, null]);
      for (const tell of tells) tell();
      await allThatFollows();
      expect([waiting.claims.count, waiting.timers.count, countGivenTo(gone)]).toEqual([0, 0, 0]);
    });

    it('lets a commit that suits none of ten thousand cost no look at all', async () => {
      const waiting = new WaitingRoom();
      const filter = { taskTypes: ['build'] };
      for (let index = 0; index < 10_000; index += 1) waiting.enter(`${index}`, { filter });
      await allThatFollows();
      waiting.looks.length = 0;
      const askedBefore = waiting.store.asked;
      for (let index = 0; index < 10; index += 1) await waiting.put(readyTasks({ taskType: 'test' }));
      expect(waiting.looks).toEqual([]);
      expect(waiting.store.asked).toBe(askedBefore);
      await waiting.put(readyTasks({ taskType: 'build', count: 2 }));
      expect(waiting.looks).toEqual(['0', '1']);
    });
  });

  describe('when the service stops', () => {
    it('answers everybody with nothing, and leaves no timer behind', async () => {
      const waiting = new WaitingRoom();
      waiting.store.dueAt = NOW + 5_000;
      const waiters = [await waiting.wait('a'), await waiting.wait('b')];
      waiting.claims.close();
      await allThatFollows();
      expect(waiters.map(({ answer }) => answer)).toEqual([[], []]);
      expect([waiting.claims.count, waiting.timers.count, waiting.commits.count]).toEqual([0, 0, 0]);
    });

    it('lets nobody begin to wait any more', async () => {
      const waiting = new WaitingRoom();
      waiting.claims.close();
      expect((await waiting.wait('late')).answer).toEqual([]);
      expect([waiting.looks, waiting.timers.count]).toEqual([[], 0]);
    });
  });
});
