import type { Lease, Task } from '@task/domain';
import type { FixedClock } from '../../support/fixed-clock';
import type { Abilities, Subject } from '../subject';

const HOUR_MS = 3_600_000;
/** How long a jump may have gone unnoticed. */
const WITHIN_MS = 1_000;

export function describeClockJumps(subject: () => Subject, { setsClock = false }: Abilities): void {
  describe('when the clock is set', () => {
    if (!setsClock) {
      it('leaves leases alone, since the database’s clock counts', async () => {
        const { queue } = subject();
        await queue.create();
        const task = await queue.claimed();
        await queue.store.shiftLeases(HOUR_MS, await queue.now(), WITHIN_MS);
        await queue.store.shiftLeases(-HOUR_MS, await queue.now(), WITHIN_MS);
        expect((await queue.stored(task)).state).toEqual(task.state);
      });
      return;
    }

    const clock = (): FixedClock => {
      const { clock: set } = subject();
      if (set === undefined) throw new Error('this store’s clock cannot be set');
      return set;
    };
    const leaseOf = async (task: Task): Promise<Lease> => {
      const { lease } = (await subject().queue.stored(task)).state;
      if (lease === null) throw new Error('nobody holds it');
      return lease;
    };
    /** What is left of a lease, and of the task's own time. */
    const left = async (task: Task): Promise<readonly (number | null)[]> => {
      const { expiresAt, timeoutAt } = await leaseOf(task);
      return [expiresAt - clock().now(), timeoutAt === null ? null : timeoutAt - clock().now()];
    };
    const held = async (lengthMs: number, timeoutSeconds: number | null = null): Promise<Task> => {
      await subject().queue.create({ timeoutSeconds });
      return subject().queue.claimed({}, { lengthMs });
    };
    /** The clock is set, and the store is told of it so much later. */
    const jump = async (byMs: number, toldAfterMs = 0): Promise<void> => {
      clock().advance(byMs + toldAfterMs);
      await subject().queue.store.shiftLeases(byMs, clock().now(), WITHIN_MS);
    };

    it.each([
      ['an hour forward', HOUR_MS],
      ['an hour back', -HOUR_MS],
      ['a minute forward', 60_000],
      ['a minute back', -60_000],
      ['a second and a half forward', 1_500],
      ['a second and a half back', -1_500],
      ['ten years forward', 87_600 * HOUR_MS],
      ['ten years back', -87_600 * HOUR_MS],
    ])('%s, what is left of each lease stays what it was', async (_, byMs) => {
      const tasks: Task[] = [];
      for (const agoMs of [29 * 60_000, 60_000, 5_000, 0]) {
        tasks.push(await held(30 * 60_000, agoMs === 0 ? null : 7_200));
        clock().advance(agoMs);
      }
      clock().advance(WITHIN_MS + 1);
      const before = await Promise.all(tasks.map(left));
      await jump(byMs);
      expect(await Promise.all(tasks.map(left))).toEqual(before);
    });

    it.each([HOUR_MS, -HOUR_MS])('by %d ms, changes nothing else', async (byMs) => {
      const { queue } = subject();
      const task = await held(60_000, 600);
      clock().advance(WITHIN_MS + 1);
      const events = await queue.events();
      await jump(byMs);
      const { state } = await queue.stored(task);
      const { expiresAt, timeoutAt } = await leaseOf(task);
      expect(state).toEqual({ ...task.state, lease: { ...task.state.lease, expiresAt, timeoutAt } });
      expect(await queue.events()).toEqual(events);
    });

    it.each([HOUR_MS, -HOUR_MS])('by %d ms, takes nobody’s task, and keeps nobody’s', async (byMs) => {
      const { queue } = subject();
      const [alive, dead] = [await held(60_000), await held(20_000)];
      clock().advance(15_000);
      await jump(byMs);
      expect(await queue.lapse()).toBe(0);
      clock().advance(5_000);
      expect(await queue.lapse()).toBe(1);
      expect((await queue.stored(dead)).status).toBe('waiting');
      expect((await queue.stored(alive)).status).toBe('working');
    });

    it.each([HOUR_MS, -HOUR_MS])('by %d ms, leaves a lease alone that was claimed since', async (byMs) => {
      const { queue } = subject();
      await queue.create({ timeoutSeconds: 600 });
      clock().advance(byMs);
      const task = await queue.claimed();
      clock().advance(700);
      await queue.store.shiftLeases(byMs, clock().now(), WITHIN_MS);
      expect((await queue.stored(task)).state).toEqual(task.state);
    });

    it('forward, leaves a lease alone that was renewed since, but not the task’s own time', async () => {
      const { queue } = subject();
      const task = await held(60_000, 600);
      clock().advance(10_000 + HOUR_MS);
      const renewed = await queue.renew(task);
      clock().advance(700);
      await queue.store.shiftLeases(HOUR_MS, clock().now(), WITHIN_MS);
      expect((await leaseOf(task)).expiresAt).toBe(renewed.state.lease?.expiresAt);
      expect(await left(task)).toEqual([60_000 - 700, 600_000 - 10_700]);
    });

    it('leaves leases alone that have ended', async () => {
      const { queue } = subject();
      const tasks = [await held(60_000), await held(60_000), await held(60_000)];
      const [completed, released, cancelled] = tasks as [Task, Task, Task];
      await queue.complete(completed);
      await queue.release(released);
      await queue.cancel(cancelled);
      clock().advance(WITHIN_MS + 1);
      const before = await Promise.all(tasks.map((task) => queue.stored(task)));
      await jump(HOUR_MS);
      await jump(-HOUR_MS);
      expect(await Promise.all(tasks.map((task) => queue.stored(task)))).toEqual(before);
    });

    it('forth and back again, leases are where they were', async () => {
      const task = await held(30 * 60_000, 7_200);
      clock().advance(10_000);
      const before = await left(task);
      for (const byMs of [HOUR_MS, -2 * HOUR_MS, 60_000, HOUR_MS, -60_000]) await jump(byMs);
      expect(await left(task)).toEqual(before);
    });

    it('is told of late, and time goes on meanwhile', async () => {
      const task = await held(30 * 60_000, 7_200);
      clock().advance(10_000);
      await jump(-HOUR_MS, 900);
      expect(await left(task)).toEqual([30 * 60_000 - 10_900, 7_200_000 - 10_900]);
    });

    it('holds for a lease that is written anew at the same moment', async () => {
      const { queue } = subject();
      const task = await held(60_000);
      clock().advance(30_000 + HOUR_MS);
      const shifted = queue.store.shiftLeases(HOUR_MS, clock().now(), WITHIN_MS);
      const [, renewed] = await Promise.all([shifted, queue.renew(task, { progress: 50 })]);
      expect((await queue.stored(task)).state).toEqual(renewed.state);
      expect(await left(task)).toEqual([60_000, null]);
    });
  });
}
