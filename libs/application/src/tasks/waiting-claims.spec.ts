import type { EpochMs, Task } from '@task/domain';
import { NOW, taskIn } from '../../../../test/support/builders';
import { DecidingStore } from '../../../../test/support/deciding-store';
import { FixedClock } from '../../../../test/support/fixed-clock';
import { ManualCommits, readyTasks } from '../../../../test/support/manual-commits';
import { allThatFollows, ManualTimers } from '../../../../test/support/manual-timers';
import type { ReadyTasks } from '../ports/commit-feed';
import { claimTakes } from './claim-matches';
import { WaitingClaims, type WaitingClaim } from './waiting-claims';

const WAIT_MS = 25_000;

/** When the next scheduled task is due, and how often somebody asked. */
class DueStore extends DecidingStore {
  dueAt: EpochMs | null = null;
  asked = 0;
  isAway = false;
  /** Answers that are still on their way, where a test holds them back. */
  onTheirWay: (() => void)[] | null = null;

  override async nextDueAt(): Promise<EpochMs | null> {
    this.asked += 1;
    const { dueAt, onTheirWay, isAway } = this;
    if (onTheirWay !== null) await new Promise<void>((answer) => onTheirWay.push(answer));
    if (isAway) throw new Error('away');
    return dueAt;
  }
}

interface Waiter {
  readonly name: string;
  answer: readonly Task[] | 'none yet' | Error;
}

/** Claims that wait in front of a shelf of ready tasks. */
class Waiting {
  readonly clock = new FixedClock();
  readonly timers = new ManualTimers(this.clock);
  readonly commits = new ManualCommits();
  readonly store = new DueStore();
  readonly claims = new WaitingClaims(this.store, this.clock, this.timers, this.commits);
  /** Names of the waiters that looked, in the order in which they did. */
  readonly looks: string[] = [];
  /** What is ready; a look takes from here. */
  readonly shelf: ReadyTasks[] = [];
  /** Looks that are on their way, where a test holds them back. */
  onTheirWay: (() => void)[] | null = null;

  /** A claim begins to wait, after it found nothing. */
  async wait(name: string, changes: Partial<WaitingClaim> = {}): Promise<Waiter> {
    const waiter = this.enter(name, changes);
    await allThatFollows();
    return waiter;
  }

  enter(name: string, changes: Partial<WaitingClaim> = {}): Waiter {
    const waiter: Waiter = { name, answer: 'none yet' };
    const claim = { filter: {}, limit: 1, waitMs: WAIT_MS, signal: { aborted: false }, ...changes };
    const attempt = (): Promise<readonly Task[]> => this.look(name, claim);
    this.claims.wait({ attempt, ...claim }).then(
      (tasks) => (waiter.answer = tasks),
      (error: unknown) => (waiter.answer = error as Error),
    );
    return waiter;
  }

  /** Tasks become ready, and their commit is told. */
  async put(...tasks: ReadyTasks[]): Promise<void> {
    this.shelf.push(...tasks.flatMap((ready) => Array<ReadyTasks>(ready.count).fill(ready)));
    this.commits.publish({ ready: tasks });
    await allThatFollows();
  }

  /** Lets the look that was held back longest see the shelf. */
  async letThrough(): Promise<void> {
    this.onTheirWay?.shift()?.();
    await allThatFollows();
  }

  private async look(
    name: string,
    { filter, limit, signal }: Omit<WaitingClaim, 'attempt'>,
  ): Promise<Task[]> {
    this.looks.push(name);
    const { onTheirWay } = this;
    if (onTheirWay !== null) await new Promise<void>((see) => onTheirWay.push(see));
    if (signal.aborted) throw new Error('dropped before it ran');
    const found = this.shelf.filter((ready) => claimTakes(filter, ready)).slice(0, limit);
    for (const ready of found) this.shelf.splice(this.shelf.indexOf(ready), 1);
    return found.map(({ taskType, kbId }) => taskIn('working', { taskType, kbId }));
  }
}

/** How many tasks a waiter was given; null while it waits, and when it was refused. */
const countGivenTo = ({ answer }: Waiter): number | null =>
  typeof answer === 'string' || answer instanceof Error ? null : answer.length;
const typesGivenTo = ({ answer }: Waiter): unknown =>
  typeof answer === 'string' || answer instanceof Error ? answer : answer.map(({ state }) => state.taskType);

describe('WaitingClaims', () => {
  it('waits until there is work, and is woken by its commit', async () => {
    const waiting = new Waiting();
    const waiter = await waiting.wait('a');
    expect([waiter.answer, waiting.claims.count]).toEqual(['none yet', 1]);
    await waiting.put(readyTasks());
    expect(waiter.answer).toHaveLength(1);
    expect(waiting.claims.count).toBe(0);
  });

  it('does nothing while nothing happens', async () => {
    const waiting = new Waiting();
    await waiting.wait('a');
    await waiting.timers.advance(WAIT_MS - 1);
    expect(waiting.looks).toEqual(['a']);
    expect(waiting.store.asked).toBe(1);
  });

  it('does not miss work that came between the empty claim and the wait', async () => {
    const waiting = new Waiting();
    waiting.shelf.push(readyTasks());
    expect((await waiting.wait('a')).answer).toHaveLength(1);
  });

  it('gives up after its time, with nothing, and leaves no timer behind', async () => {
    const waiting = new Waiting();
    const waiter = await waiting.wait('a', { waitMs: 3_000 });
    await waiting.timers.advance(2_999);
    expect(waiter.answer).toBe('none yet');
    await waiting.timers.advance(1);
    expect(waiter.answer).toEqual([]);
    expect([waiting.claims.count, waiting.timers.count]).toEqual([0, 0]);
  });

  it('leaves no timer behind when it was given work', async () => {
    const waiting = new Waiting();
    await waiting.wait('a');
    await waiting.put(readyTasks());
    expect(waiting.timers.count).toBe(0);
  });

  it('refuses whom the store refuses', async () => {
    const waiting = new Waiting();
    const boom = new Error('boom');
    const waiter = await waiting.wait('a', { attempt: () => Promise.reject(boom) });
    expect(waiter.answer).toBe(boom);
    expect([waiting.claims.count, waiting.timers.count]).toEqual([0, 0]);
  });

  describe('when work comes', () => {
    it('goes by age, and wakes no more than there are tasks for', async () => {
      const waiting = new Waiting();
      const waiters = [await waiting.wait('a'), await waiting.wait('b'), await waiting.wait('c')];
      waiting.looks.length = 0;
      await waiting.put(readyTasks({ count: 2 }));
      expect(waiters.map(countGivenTo)).toEqual([1, 1, null]);
      expect(waiting.looks).toEqual(['a', 'b']);
    });

    it('gives one as many as it asks for, and the rest to the next', async () => {
      const waiting = new Waiting();
      const [several, one] = [await waiting.wait('a', { limit: 3 }), await waiting.wait('b')];
      await waiting.put(readyTasks({ count: 4 }));
      expect([several, one].map(countGivenTo)).toEqual([3, 1]);
    });

    it('wakes those whom it suits, and no other', async () => {
      const waiting = new Waiting();
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
      const waiting = new Waiting();
      await waiting.wait('a');
      waiting.commits.publish({ lastEventId: 7 });
      await allThatFollows();
      expect([waiting.looks, waiting.store.asked]).toEqual([['a'], 1]);
    });

    it('lets those wait on who find nothing, since others were quicker', async () => {
      const waiting = new Waiting();
      const waiter = await waiting.wait('a');
      waiting.commits.publish({ ready: [readyTasks()] });
      await allThatFollows();
      expect([waiter.answer, waiting.claims.count]).toEqual(['none yet', 1]);
      await waiting.put(readyTasks());
      expect(waiter.answer).toHaveLength(1);
    });

    it('calls others for what the first one left, who took something more urgent', async () => {
      const waiting = new Waiting();
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
      const waiting = new Waiting();
      const signal = { aborted: false };
      const [gone, next] = [await waiting.wait('gone', { signal }), await waiting.wait('next')];
      waiting.looks.length = 0;
      signal.aborted = true;
      await waiting.put(readyTasks());
      expect(waiting.looks).toEqual(['next']);
      expect([gone, next].map(countGivenTo)).toEqual([0, 1]);
      expect(waiting.claims.count).toBe(0);
    });

    it('lets a commit that suits none of ten thousand cost no look at all', async () => {
      const waiting = new Waiting();
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

  describe('while a look is on its way', () => {
    it('does not lose a second call', async () => {
      const waiting = new Waiting();
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
      const waiting = new Waiting();
      const [first, second] = [await waiting.wait('first'), await waiting.wait('second')];
      waiting.onTheirWay = [];
      await waiting.put(readyTasks({ taskType: 'one' }));
      await waiting.put(readyTasks({ taskType: 'two' }));
      await waiting.letThrough();
      await waiting.letThrough();
      expect([first, second].map(typesGivenTo)).toEqual([['one'], ['two']]);
    });

    it('gives work to the next one when the first hung up meanwhile', async () => {
      const waiting = new Waiting();
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
      const waiting = new Waiting();
      waiting.onTheirWay = [];
      const waiter = await waiting.wait('a');
      await waiting.timers.advance(WAIT_MS);
      expect(waiter.answer).toBe('none yet');
      waiting.shelf.push(readyTasks());
      await waiting.letThrough();
      expect(waiter.answer).toHaveLength(1);
    });

    it('is answered with nothing when its time is over and it gets nothing', async () => {
      const waiting = new Waiting();
      waiting.onTheirWay = [];
      const waiter = await waiting.wait('a');
      await waiting.timers.advance(WAIT_MS);
      await waiting.letThrough();
      expect([waiter.answer, waiting.looks]).toEqual([[], ['a']]);
    });

    it('leaves work that came later to the next one when its time is over', async () => {
      const waiting = new Waiting();
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

  describe('when commits of other instances were missed', () => {
    const gap = async (waiting: Waiting, ...shelf: ReadyTasks[]): Promise<void> => {
      waiting.shelf.push(...shelf);
      waiting.commits.publish({ isGap: true });
      await allThatFollows();
    };

    it('lets the oldest of those look who want the same', async () => {
      const waiting = new Waiting();
      for (const name of ['a', 'b']) await waiting.wait(name);
      await waiting.wait('build', { filter: { taskTypes: ['build'] } });
      waiting.looks.length = 0;
      await gap(waiting);
      expect(waiting.looks).toEqual(['a', 'build']);
    });

    it('lets the next one look as long as there is something', async () => {
      const waiting = new Waiting();
      const waiters = [await waiting.wait('a'), await waiting.wait('b'), await waiting.wait('c')];
      await gap(waiting, readyTasks(), readyTasks());
      expect(waiters.map(countGivenTo)).toEqual([1, 1, null]);
    });

    it('lets him look again whose look began before', async () => {
      const waiting = new Waiting();
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
      const waiting = new Waiting();
      await waiting.wait('a');
      const { asked } = waiting.store;
      await gap(waiting);
      expect(waiting.store.asked).toBe(asked + 1);
    });
  });

  describe('for a scheduled task', () => {
    it('looks when it is due, and not before', async () => {
      const waiting = new Waiting();
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
      const waiting = new Waiting();
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
      const waiting = new Waiting();
      waiting.store.dueAt = NOW + 20_000;
      await waiting.wait('a');
      waiting.store.dueAt = NOW + 5_000;
      waiting.commits.publish({ scheduledFor: NOW + 5_000 });
      await waiting.timers.advance(5_010);
      expect(waiting.looks.length).toBeGreaterThan(1);
    });

    it('looks again and again while the store says that it is due, but with a pause', async () => {
      const waiting = new Waiting();
      waiting.store.dueAt = NOW;
      await waiting.wait('a');
      await waiting.timers.advance(1_000);
      expect(waiting.looks.length).toBeGreaterThan(5);
      expect(waiting.looks.length).toBeLessThan(110);
    });

    it('looks again within half a minute when the store does not answer', async () => {
      const waiting = new Waiting();
      waiting.store.isAway = true;
      await waiting.wait('a', { waitMs: 60_000 });
      await waiting.timers.advance(29_000);
      expect(waiting.looks).toEqual(['a']);
      waiting.store.isAway = false;
      await waiting.timers.advance(1_100);
      expect(waiting.looks).toEqual(['a', 'a']);
    });

    it('looks again within half a minute for one that is due much later', async () => {
      const waiting = new Waiting();
      waiting.store.dueAt = NOW + 1e12;
      await waiting.wait('a', { waitMs: 60_000 });
      await waiting.timers.advance(30_010);
      expect(waiting.looks).toEqual(['a', 'a']);
    });

    it('sets no timer while nobody waits', async () => {
      const waiting = new Waiting();
      waiting.commits.publish({ scheduledFor: NOW + 5_000 });
      await allThatFollows();
      expect([waiting.store.asked, waiting.timers.count]).toEqual([0, 0]);
    });

    it('asks no more when the last one who waited has gone', async () => {
      const waiting = new Waiting();
      waiting.store.dueAt = NOW + 5_000;
      await waiting.wait('a', { waitMs: 1_000 });
      await waiting.timers.advance(10_000);
      expect([waiting.looks, waiting.timers.count]).toEqual([['a'], 0]);
    });

    it('does not go by what was due when nobody waited', async () => {
      const waiting = new Waiting();
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
      const waiting = new Waiting();
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

  describe('when the service stops', () => {
    it('answers everybody with nothing, and leaves no timer behind', async () => {
      const waiting = new Waiting();
      waiting.store.dueAt = NOW + 5_000;
      const waiters = [await waiting.wait('a'), await waiting.wait('b')];
      waiting.claims.close();
      await allThatFollows();
      expect(waiters.map(({ answer }) => answer)).toEqual([[], []]);
      expect([waiting.claims.count, waiting.timers.count, waiting.commits.count]).toEqual([0, 0, 0]);
    });

    it('lets nobody begin to wait any more', async () => {
      const waiting = new Waiting();
      waiting.claims.close();
      expect((await waiting.wait('late')).answer).toEqual([]);
      expect([waiting.looks, waiting.timers.count]).toEqual([[], 0]);
    });
  });
});
