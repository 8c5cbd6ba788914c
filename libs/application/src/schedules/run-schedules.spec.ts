import type { Schedule } from '@task/domain';
import { NOW, policy } from '../../../../test/support/builders';
import { CountedIds } from '../../../../test/support/counted-ids';
import { DecidingStore } from '../../../../test/support/deciding-store';
import { FixedClock } from '../../../../test/support/fixed-clock';
import { ManualTimers } from '../../../../test/support/manual-timers';
import { memoryGuard } from '../../../../test/support/told-memory';
import { HourlyRecurrence } from '../../../../test/support/schedules';
import { ScheduleStore, type SchedulePage, type StoredSchedule } from '../ports/schedule-store';
import { CreateTasks } from '../tasks/create-tasks';
import { RunSchedules } from './run-schedules';
import { ScheduledRuns } from './scheduled-runs';

/** Has so many schedules due, and moves on as many as it is let. */
class DueSchedules extends ScheduleStore {
  readonly steps: number[] = [];
  readonly askedAt: number[] = [];
  isAway = false;
  isStuck = false;

  constructor(private readonly clock: FixedClock) {
    super();
  }

  override runDue(limit: number): Promise<number> {
    this.askedAt.push(this.clock.now() - NOW);
    if (this.isStuck) return new Promise(() => undefined);
    if (this.isAway) return Promise.reject(new Error('away'));
    return Promise.resolve(Math.min(limit, this.steps.shift() ?? 0));
  }

  override create = (): Promise<StoredSchedule> => Promise.reject(new Error('not asked for here'));
  override change = (): Promise<Schedule> => Promise.reject(new Error('not asked for here'));
  override remove = (): Promise<null> => Promise.resolve(null);
  override run = (): Promise<never[]> => Promise.resolve([]);
  override find = (): Promise<null> => Promise.resolve(null);
  override list = (): Promise<SchedulePage> => Promise.resolve({ schedules: [], total: 0 });
}

describe('RunSchedules', () => {
  const given = (
    now = NOW,
  ): { clock: FixedClock; timers: ManualTimers; store: DueSchedules; duty: RunSchedules } => {
    const clock = new FixedClock(now);
    const timers = new ManualTimers(clock);
    const store = new DueSchedules(clock);
    const createTasks = new CreateTasks(new DecidingStore(), new CountedIds(), policy(), memoryGuard());
    const duty = new RunSchedules(
      store,
      new ScheduledRuns(createTasks, new HourlyRecurrence()),
      clock,
      timers,
    );
    duty.start();
    return { clock, timers, store, duty };
  };

  it('looks right after the beginning of every second', async () => {
    const { timers, store } = given(NOW + 300);
    await timers.advance(3_000);
    expect(store.askedAt).toEqual([1_020, 2_020, 3_020]);
  });

  it('goes on until nothing moves any more', async () => {
    const { timers, store } = given();
    store.steps.push(50, 50, 3);
    await timers.advance(100);
    expect(store.askedAt).toEqual([20, 20, 20, 20]);
  });

  it('tries again after a store that was away', async () => {
    const { timers, store } = given();
    store.isAway = true;
    await timers.advance(1_100);
    store.isAway = false;
    await timers.advance(1_000);
    expect(store.askedAt).toEqual([20, 1_020, 2_020]);
  });

  it('tells how far it is behind', async () => {
    const { timers, store, duty } = given();
    expect([duty.behindMs, duty.lastTurnMs]).toEqual([0, null]);
    await timers.advance(5_000);
    expect([duty.behindMs, duty.lastTurnMs]).toEqual([0, 0]);
    store.isStuck = true;
    await timers.advance(20_000);
    expect(duty.behindMs).toBeGreaterThan(15_000);
    duty.stop();
    expect(duty.behindMs).toBe(0);
  });

  it('stops', async () => {
    const { timers, store, duty } = given();
    await timers.advance(100);
    duty.stop();
    await timers.advance(10_000);
    expect([store.askedAt.length, timers.count]).toEqual([1, 0]);
  });

  it('ends between two steps when it is stopped', async () => {
    const { timers, store, duty } = given();
    store.steps.push(50, 50, 50);
    const original = store.runDue.bind(store);
    store.runDue = (limit) => {
      duty.stop();
      return original(limit);
    };
    await timers.advance(5_000);
    expect(store.askedAt).toEqual([20]);
  });
});
