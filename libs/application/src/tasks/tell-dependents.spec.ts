import { DecidingStore } from '../../../../test/support/deciding-store';
import { ManualCommits } from '../../../../test/support/manual-commits';
import { ManualTimers } from '../../../../test/support/manual-timers';
import { ConcurrencyKeys, type ConcurrencyKey } from '../ports/concurrency-keys';
import { TellDependents } from './tell-dependents';

/** Has ended tasks to tell of, so many in each step. */
class TellingStore extends DecidingStore {
  readonly steps: number[] = [];
  isAway = false;
  asked = 0;

  override tellDependents(): Promise<number> {
    this.asked += 1;
    return this.isAway ? Promise.reject(new Error('away')) : Promise.resolve(this.steps.shift() ?? 0);
  }
}

class CountedKeys extends ConcurrencyKeys {
  settled = 0;

  override setLimit(): Promise<ConcurrencyKey> {
    return Promise.reject(new Error('not asked for here'));
  }

  override find(): Promise<null> {
    return Promise.resolve(null);
  }

  override list(): Promise<readonly ConcurrencyKey[]> {
    return Promise.resolve([]);
  }

  override settleStranded(): Promise<void> {
    this.settled += 1;
    return Promise.resolve();
  }
}

describe('TellDependents', () => {
  const given = (): {
    store: TellingStore;
    keys: CountedKeys;
    timers: ManualTimers;
    commits: ManualCommits;
    duty: TellDependents;
  } => {
    const [store, keys, timers, commits] = [
      new TellingStore(),
      new CountedKeys(),
      new ManualTimers(),
      new ManualCommits(),
    ];
    const duty = new TellDependents(store, keys, timers, commits);
    duty.start();
    return { store, keys, timers, commits, duty };
  };

  it('tells at once what a commit ended, until nothing is left', async () => {
    const { store, timers, commits } = given();
    store.steps.push(2, 1);
    commits.publish({ hasEndedDependency: true });
    await timers.advance(0);
    expect(store.asked).toBe(3);
  });

  it('does nothing for a commit that ended nothing that others wait for', async () => {
    const { store, timers, commits } = given();
    commits.publish({});
    await timers.advance(0);
    expect(store.asked).toBe(0);
  });

  it('looks once more when it is called while it runs', async () => {
    const { store, timers, commits } = given();
    commits.publish({ hasEndedDependency: true });
    commits.publish({ hasEndedDependency: true });
    await timers.advance(0);
    expect(store.asked).toBe(2);
  });

  it('looks every second for what others left, and for keys with a free slot', async () => {
    const { store, keys, timers } = given();
    await timers.advance(1_000);
    await timers.advance(1_000);
    expect([store.asked, keys.settled]).toEqual([2, 2]);
  });

  it('goes on after a store that was away', async () => {
    const { store, timers } = given();
    store.isAway = true;
    await timers.advance(1_000);
    store.isAway = false;
    await timers.advance(1_000);
    expect(store.asked).toBe(2);
  });

  it('stops', async () => {
    const { store, timers, commits, duty } = given();
    duty.stop();
    commits.publish({ hasEndedDependency: true });
    await timers.advance(5_000);
    expect([store.asked, commits.count]).toEqual([0, 0]);
  });
});
