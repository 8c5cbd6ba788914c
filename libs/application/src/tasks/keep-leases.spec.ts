import type { Decide, EpochMs, Task } from '@task/domain';
import { NOW, policy, RETRY, taskIn } from '../../../../test/support/builders';
import { DecidingStore } from '../../../../test/support/deciding-store';
import { FixedClock } from '../../../../test/support/fixed-clock';
import { ManualTimers } from '../../../../test/support/manual-timers';
import { StoreUnavailable, type StoreFault } from '../ports/store-unavailable';
import { KeepLeases } from './keep-leases';

const GRACE_MS = 3_000;
const INTERVAL_MS = 1_000;
const STEP = 200;

/** A store with overdue tasks, which takes down what is asked of it, and when. */
class OverdueStore extends DecidingStore {
  overdue = 0;
  readonly lapses: number[] = [];
  readonly shifts: { readonly byMs: number; readonly now: EpochMs; readonly withinMs: number }[] = [];
  /** Outcomes whose day is over. */
  kept = 0;
  forgotten = 0;
  fails: 'lapse' | 'shift' | 'forget' | null = null;
  fault: StoreUnavailable | null = null;
  /** What happens while a step runs, before it decides. */
  meanwhile: () => void = () => undefined;
  /** Looked at in each step. */
  sample: Task = taskIn('working');
  made: Task | null = null;

  constructor(private readonly timers: ManualTimers) {
    super();
  }

  override async lapse(limit?: number, decide?: Decide): Promise<number> {
    this.failAt('lapse');
    this.lapses.push(this.timers.monotonic());
    this.meanwhile();
    await Promise.resolve();
    this.made = decide?.(this.sample, (this.sample.state.lease?.expiresAt ?? 0) + 1).task ?? null;
    const taken = Math.min(this.overdue, limit ?? 0);
    this.overdue -= taken;
    return taken;
  }

  override async shiftLeases(byMs = 0, now = 0, withinMs = 0): Promise<void> {
    await Promise.resolve();
    this.failAt('shift');
    this.shifts.push({ byMs, now, withinMs });
  }

  override async forgetOutcomes(limit = 0): Promise<number> {
    await Promise.resolve();
    this.failAt('forget');
    this.meanwhile();
    const gone = Math.min(this.kept, limit);
    this.kept -= gone;
    this.forgotten += 1;
    return gone;
  }

  override async ping(): Promise<void> {
    await Promise.resolve();
    this.failAt('lapse');
  }

  private failAt(point: OverdueStore['fails']): void {
    if (this.fails === point) throw this.fault ?? new Error('broken');
  }
}

function setUp(): { store: OverdueStore; clock: FixedClock; timers: ManualTimers; leases: KeepLeases } {
  const clock = new FixedClock();
  const timers = new ManualTimers(clock);
  const store = new OverdueStore(timers);
  return { store, clock, timers, leases: new KeepLeases(store, policy(), clock, timers) };
}

/** One that has swept for the first time. */
async function sweeping(): Promise<ReturnType<typeof setUp>> {
  const all = setUp();
  all.leases.start();
  await all.timers.advance(GRACE_MS);
  return all;
}

describe('KeepLeases', () => {
  it('gives workers that live the time to renew before its first sweep, then sweeps every second', async () => {
    const { store, timers, leases } = setUp();
    leases.start();
    await timers.advance(GRACE_MS - 1);
    expect([store.lapses, leases.lastSweepAt]).toEqual([[], null]);
    await timers.advance(1 + 2 * INTERVAL_MS);
    expect(store.lapses).toEqual([GRACE_MS, GRACE_MS + INTERVAL_MS, GRACE_MS + 2 * INTERVAL_MS]);
    expect(leases.lastSweepAt).toBe(GRACE_MS + 2 * INTERVAL_MS);
  });

  it('takes in bounded steps until a step finds fewer than it could take', async () => {
    const { store, timers } = await sweeping();
    store.lapses.length = 0;
    store.overdue = 2 * STEP + 50;
    await timers.advance(INTERVAL_MS);
    expect([store.overdue, store.lapses.length]).toEqual([0, 3]);
    store.overdue = 2 * STEP;
    await timers.advance(INTERVAL_MS);
    expect([store.overdue, store.lapses.length]).toEqual([0, 6]);
  });

  it('takes a task whose lease ran out', async () => {
    const { store } = await sweeping();
    expect(store.made?.state).toMatchObject({ status: 'waiting', lease: { endedBy: 'expire' } });
  });

  it('lets a task that retries itself wait by the operator’s policy', async () => {
    const { store, timers } = await sweeping();
    store.sample = taskIn('working', { timeoutSeconds: 1, autoRetry: true });
    await timers.advance(INTERVAL_MS);
    const { status, availableAt, updatedAt } = store.made?.state ?? taskIn('failed').state;
    expect([status, (availableAt ?? 0) - updatedAt]).toEqual(['waiting', RETRY.baseMs * 0.75]);
  });

  it('forgets outcomes whose day is over, after each sweep', async () => {
    const { store, timers } = await sweeping();
    await timers.advance(2 * INTERVAL_MS);
    expect(store.forgotten).toBe(3);
  });

  it('does not take its own long work for a pause', async () => {
    const { store, timers } = await sweeping();
    store.meanwhile = () => timers.standStill(INTERVAL_MS);
    store.overdue = 10 * STEP;
    store.lapses.length = 0;
    await timers.advance(INTERVAL_MS);
    expect([store.overdue, store.lapses.length]).toEqual([0, 11]);
    store.meanwhile = () => undefined;
    store.overdue = 1;
    await timers.advance(INTERVAL_MS);
    expect(store.overdue).toBe(0);
  });

  describe('after a pause of the whole process', () => {
    it('waits, so that workers that live can renew', async () => {
      const { store, timers } = await sweeping();
      store.lapses.length = 0;
      await timers.pause(3_600_000);
      const resumedAt = timers.monotonic();
      await timers.advance(GRACE_MS + INTERVAL_MS);
      expect(store.lapses[0]).toBeGreaterThanOrEqual(resumedAt + GRACE_MS);
      expect(store.lapses.length).toBeGreaterThan(0);
      expect(store.shifts).toEqual([]);
    });

    it('waits also when it was paused in the middle of a sweep', async () => {
      const { store, timers } = await sweeping();
      store.lapses.length = 0;
      store.overdue = 10 * STEP;
      store.meanwhile = () => {
        store.meanwhile = () => undefined;
        timers.standStill(60_000);
      };
      await timers.advance(INTERVAL_MS);
      expect(store.lapses).toHaveLength(1);
      expect(store.made).toBe(store.sample);
      await timers.advance(GRACE_MS + INTERVAL_MS);
      expect(store.overdue).toBe(0);
    });

    it('takes a delay of less than three seconds for none', async () => {
      const { store, timers } = await sweeping();
      store.lapses.length = 0;
      await timers.pause(3 * INTERVAL_MS);
      expect(store.lapses).toHaveLength(1);
    });
  });

  describe('when somebody sets the clock', () => {
    it.each([3_600_000, -3_600_000, 501, -501])('moves the leases along by %d ms', async (byMs) => {
      const { store, clock, timers } = await sweeping();
      await timers.advance(400);
      clock.advance(byMs);
      await timers.advance(600);
      expect(store.shifts).toEqual([{ byMs, now: clock.now(), withinMs: INTERVAL_MS }]);
      await timers.advance(10 * INTERVAL_MS);
      expect(store.shifts).toHaveLength(1);
    });

    it('moves them before it looks for those that are over, and needs no pause for it', async () => {
      const { store, clock, timers } = await sweeping();
      store.meanwhile = () => {
        expect(store.shifts).toHaveLength(1);
      };
      store.lapses.length = 0;
      clock.advance(3_600_000);
      await timers.advance(INTERVAL_MS);
      expect(store.lapses).toHaveLength(1);
    });

    it.each([500, -500])('takes %d ms for a drift', async (byMs) => {
      const { store, clock, timers } = await sweeping();
      clock.advance(byMs);
      await timers.advance(INTERVAL_MS);
      expect(store.shifts).toEqual([]);
    });

    it('moves them at the next time when the store gave no answer, and takes nothing until then', async () => {
      const { store, clock, timers } = await sweeping();
      store.lapses.length = 0;
      store.fails = 'shift';
      clock.advance(3_600_000);
      await timers.advance(2 * INTERVAL_MS);
      expect(store.lapses).toEqual([]);
      store.fails = null;
      await timers.advance(INTERVAL_MS);
      expect(store.shifts).toEqual([{ byMs: 3_600_000, now: clock.now(), withinMs: 3 * INTERVAL_MS }]);
      expect(store.lapses).toHaveLength(1);
    });
  });

  it.each(['lapse', 'forget'] as const)('goes on when the store throws at %s', async (point) => {
    const { store, timers, leases } = await sweeping();
    const sweptAt = leases.lastSweepAt;
    store.fails = point;
    await timers.advance(5 * INTERVAL_MS);
    expect(leases.lastSweepAt).toBe(sweptAt);
    store.fails = null;
    store.overdue = 1;
    await timers.advance(INTERVAL_MS);
    expect(store.overdue).toBe(0);
    expect(leases.lastSweepAt).toBe(timers.monotonic());
  });

  it('forgets all outcomes whose day is over, however many, but keeps no sweep waiting', async () => {
    const { store, timers } = await sweeping();
    store.kept = 12_345;
    await timers.advance(INTERVAL_MS);
    expect(store.kept).toBe(0);
    store.kept = 1_000_000;
    store.lapses.length = 0;
    store.meanwhile = () => timers.standStill(300);
    await timers.advance(INTERVAL_MS);
    store.meanwhile = () => undefined;
    expect(store.kept).toBeGreaterThan(990_000);
    await timers.advance(2 * INTERVAL_MS);
    expect(store.lapses.length).toBeGreaterThan(1);
  });

  it.each<[StoreFault, number, number]>([
    ['unreachable', 1, GRACE_MS],
    ['unknown', 20, GRACE_MS],
    ['overloaded', 2, 0],
    ['overloaded', 20, GRACE_MS],
    ['timed_out', 2, 0],
  ])(
    'gives workers the time to renew when the store was %s for %d s: %d ms',
    async (fault, seconds, graceMs) => {
      const { store, timers } = await sweeping();
      store.fails = 'lapse';
      store.fault = new StoreUnavailable(fault);
      await timers.advance(seconds * INTERVAL_MS);
      store.fails = null;
      store.lapses.length = 0;
      const backAt = timers.monotonic() + INTERVAL_MS;
      await timers.advance(10 * INTERVAL_MS);
      expect(store.lapses[0]).toBe(backAt + graceMs);
    },
  );

  describe('once stopped', () => {
    it('sweeps no more, and leaves no timer behind', async () => {
      const { store, timers, leases } = await sweeping();
      store.lapses.length = 0;
      leases.stop();
      await timers.advance(10 * INTERVAL_MS);
      expect([store.lapses, timers.count]).toEqual([[], 0]);
    });

    it('ends a long sweep after its step', async () => {
      const { store, timers, leases } = await sweeping();
      store.lapses.length = 0;
      store.overdue = 10 * STEP;
      store.meanwhile = () => {
        leases.stop();
      };
      await timers.advance(5 * INTERVAL_MS);
      expect([store.lapses.length, timers.count]).toEqual([1, 0]);
    });

    it('can be stopped before it was started', async () => {
      const { store, timers, leases } = setUp();
      leases.stop();
      leases.start();
      await timers.advance(NOW);
      expect(store.lapses).toEqual([]);
    });
  });
});
