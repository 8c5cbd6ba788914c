import type { HistoryEntry, WorkerRecord } from '@task/application';
import type { Task } from '@task/domain';
import { SeededRandom } from '../support/seeded-random';
import { untilLater, untilTime, useStore, type Abilities, type OpenedStore } from './subject';

/** What every directory of workers has to do. */
export function describeWorkerDirectory(
  name: string,
  open: () => Promise<OpenedStore>,
  { setsClock = false, reopens = false }: Abilities,
): void {
  describe(`WorkerDirectory ${name}`, () => {
    const subject = useStore(open);
    const known = async (workerId = 'worker-1'): Promise<WorkerRecord> => {
      const worker = await subject().workers.find(workerId);
      if (worker === null) throw new Error(`${workerId} was never seen`);
      return worker;
    };
    const held = async (workerId: string | null = 'worker-1', lengthMs = 60_000): Promise<Task> => {
      await subject().queue.create();
      return subject().queue.claimed({}, { workerId, lengthMs });
    };
    const names = async (limit = 100, offset = 0): Promise<string[]> =>
      (await subject().workers.list(limit, offset)).workers.map(({ workerId }) => workerId);

    it('knows nobody at first', async () => {
      const { workers } = subject();
      expect(await workers.list(10, 0)).toEqual({ workers: [], total: 0 });
      expect(await workers.find('worker-1')).toBeNull();
    });

    it('knows a worker from its first claim, and what it holds', async () => {
      const task = await held();
      const { lease, startedAt } = task.state;
      expect(await known()).toEqual({
        ...{ workerId: 'worker-1', firstSeen: startedAt, lastSeen: startedAt },
        ...{ claimed: 1, completed: 0, failed: 0, lost: 0, processingMs: 0 },
        holds: [
          {
            ...{ taskId: task.id, attempt: 1, since: startedAt },
            ...{ leaseExpiresAt: lease?.expiresAt, progress: 0 },
          },
        ],
      });
      expect(await subject().workers.list(10, 0)).toEqual({ workers: [await known()], total: 1 });
    });

    it('does not know one who gave no name, or found nothing', async () => {
      await subject().queue.claim({}, { workerId: 'unlucky' });
      await held(null);
      expect(await subject().workers.list(10, 0)).toEqual({ workers: [], total: 0 });
    });

    it('tells of a holder’s sign of life, and its news', async () => {
      const task = await held();
      await untilLater(subject());
      const renewed = await subject().queue.renew(task, { progress: 30 });
      const worker = await known();
      expect(worker.lastSeen).toBeGreaterThan(worker.firstSeen);
      expect(worker.holds).toMatchObject([
        { progress: 30, leaseExpiresAt: renewed.state.lease?.expiresAt, since: task.state.startedAt },
      ]);
      expect(worker.claimed).toBe(1);
    });

    it('counts what it completed, and how long that took', async () => {
      const task = await held();
      await untilLater(subject());
      const { completedAt, startedAt } = (await subject().queue.complete(task)).state;
      expect(await known()).toMatchObject({
        ...{ claimed: 1, completed: 1, failed: 0, lastSeen: completedAt, holds: [] },
        processingMs: (completedAt ?? 0) - (startedAt ?? 0),
      });
      await subject().queue.complete(task);
      expect(await known()).toMatchObject({ completed: 1 });
    });

    it('counts what it failed, and not what it gave back', async () => {
      const { queue } = subject();
      await queue.fail(await held());
      await queue.release(await held());
      await untilLater(subject());
      const released = await queue.release(await queue.claimed());
      expect(await known()).toMatchObject({
        ...{ claimed: 3, completed: 0, failed: 1, lost: 0, processingMs: 0, holds: [] },
        lastSeen: released.state.updatedAt,
      });
    });

    it('counts what was taken from it as lost, and takes that for no sign of life', async () => {
      const { queue } = subject();
      const task = await held('worker-1', 1);
      await untilTime(subject(), task.state.lease?.expiresAt ?? 0);
      await untilLater(subject());
      await queue.lapse();
      expect(await known()).toMatchObject({ claimed: 1, lost: 1, lastSeen: task.state.startedAt, holds: [] });
    });

    it('does not count what somebody else ended', async () => {
      const { queue } = subject();
      const task = await held();
      await untilLater(subject());
      await queue.cancel(task);
      expect(await known()).toMatchObject({
        ...{ claimed: 1, completed: 0, failed: 0, lost: 0, lastSeen: task.state.startedAt, holds: [] },
      });
    });

    it('does not count what was refused', async () => {
      const { queue } = subject();
      const task = await held();
      await queue.complete(task);
      const before = await known();
      await untilLater(subject());
      await Promise.allSettled([queue.fail(task), queue.renew(task), queue.release(task)]);
      expect(await known()).toEqual(before);
    });

    it('keeps workers apart, whatever their names are', async () => {
      const odd = ['w', 'W', 'w ', '工人 😀', "o'hara", '%', 'w\\', 'x'.repeat(100)];
      for (const workerId of odd) await held(workerId);
      expect((await names()).sort()).toEqual([...odd].sort());
      for (const workerId of odd) expect(await known(workerId)).toMatchObject({ workerId, claimed: 1 });
      expect(await subject().workers.find('w_')).toBeNull();
    });

    it('tells who was seen last first, page by page', async () => {
      const { queue, workers } = subject();
      for (const workerId of ['a', 'b', 'c', 'd']) {
        await held(workerId);
        await untilLater(subject());
      }
      expect(await names()).toEqual(['d', 'c', 'b', 'a']);
      const { id } = (await known('b')).holds.map(({ taskId }) => ({ id: taskId }))[0] ?? { id: '' };
      const task = await queue.store.find(id);
      if (task === null) throw new Error('b holds nothing');
      await queue.renew(task);
      expect(await names()).toEqual(['b', 'd', 'c', 'a']);
      expect([await names(2), await names(2, 2), await names(2, 4)]).toEqual([['b', 'd'], ['c', 'a'], []]);
      expect((await workers.list(1, 2)).total).toBe(4);
    });

    it('tells what a worker holds, oldest claim first, a hundred at most', async () => {
      const { queue } = subject();
      await queue.createAll(Array.from({ length: 103 }, () => ({})));
      const first = await queue.claimed();
      await untilLater(subject());
      const second = await queue.claimed();
      await untilLater(subject());
      await queue.claimUpTo(101);
      await queue.create();
      await queue.claimed({}, { workerId: 'worker-2' });
      const { holds, claimed } = await known();
      expect(holds).toHaveLength(100);
      expect(holds.slice(0, 2).map(({ taskId }) => taskId)).toEqual([first.id, second.id]);
      expect(claimed).toBe(103);
      expect((await known('worker-2')).holds).toHaveLength(1);
    });

    it('tells what each of a page of workers holds, and the total behind the last page too', async () => {
      const { queue, workers } = subject();
      await queue.createAll(Array.from({ length: 110 }, () => ({})));
      await queue.claimUpTo(103, {}, { workerId: 'a' });
      await untilLater(subject());
      await queue.claimUpTo(2, {}, { workerId: 'b' });
      await untilLater(subject());
      await queue.complete(await queue.claimed({}, { workerId: 'c' }));
      const { workers: listed } = await workers.list(10, 0);
      expect(listed.map(({ workerId, holds }) => [workerId, holds.length])).toEqual([
        ['c', 0],
        ['b', 2],
        ['a', 100],
      ]);
      for (const worker of listed) expect(worker).toEqual(await known(worker.workerId));
      expect(await workers.list(10, 3)).toEqual({ workers: [], total: 3 });
    });

    it('says what a recount of the event log says', async () => {
      const { queue } = subject();
      const chance = new SeededRandom(11);
      await queue.createAll(Array.from({ length: 30 }, () => ({ maxRetries: 100 })));
      for (let step = 0; step < 80; step += 1) {
        const workerId = chance.pick(['a', 'b', 'c', 'd']);
        const task = await queue.claimed({}, { workerId });
        if (setsClock) await untilLater(subject());
        const choice = chance.whole(0, 7);
        if (choice === 0) await Promise.all([queue.complete(task), queue.create()]);
        else if (choice === 1) await queue.retry(await queue.fail(task));
        else if (choice === 2) await queue.update(task, (current, now) => current.expire(now));
        else if (choice === 3) await Promise.allSettled([queue.cancel(task), queue.complete(task)]);
        else await queue.release(task);
        if (choice === 3) await queue.create();
      }
      const events = await queue.events();
      for (const workerId of ['a', 'b', 'c', 'd']) {
        const { claimed, completed, failed, lost, processingMs } = await known(workerId);
        expect({ claimed, completed, failed, lost, processingMs }).toEqual(recount(workerId, events));
      }
    });

    describe('of a sign of life', () => {
      const LIVE = { aborted: false };

      it('knows a worker that has claimed nothing yet', async () => {
        const { workers } = subject();
        await workers.see('idle', LIVE);
        const { firstSeen, lastSeen } = await known('idle');
        expect(firstSeen).toBe(lastSeen);
        expect(await known('idle')).toMatchObject({
          claimed: 0,
          completed: 0,
          failed: 0,
          lost: 0,
          holds: [],
        });
        await untilLater(subject());
        await Promise.all([workers.see('idle', LIVE), workers.see('idle', LIVE), workers.see('other', LIVE)]);
        expect((await known('idle')).firstSeen).toBe(firstSeen);
        expect((await known('idle')).lastSeen).toBeGreaterThan(lastSeen);
        expect((await names()).sort()).toEqual(['idle', 'other']);
      });

      it('takes nothing from what a worker did', async () => {
        const { queue, workers } = subject();
        await queue.complete(await held());
        await untilLater(subject());
        const before = await known();
        await workers.see('worker-1', LIVE);
        const { lastSeen, ...rest } = await known();
        expect({ ...before, ...rest }).toEqual(before);
        expect(lastSeen).toBeGreaterThan(before.lastSeen);
      });

      it('is dropped when nobody waits for its answer any more', async () => {
        await expect(subject().workers.see('gone', { aborted: true })).rejects.toMatchObject({
          fault: 'timed_out',
        });
        expect(await subject().workers.find('gone')).toBeNull();
      });
    });

    it('counts those that are alive, and those of them that are busy', async () => {
      const { queue, workers } = subject();
      expect(await workers.count(0)).toEqual({ known: 0, alive: 0, busy: 0 });
      await held('gone');
      await untilLater(subject());
      await held('busy');
      const { startedAt } = (await held('busy')).state;
      await queue.complete(await held('idle'));
      await workers.see('new', { aborted: false });
      expect(await workers.count(startedAt ?? 0)).toEqual({ known: 4, alive: 3, busy: 1 });
      expect(await workers.count(0)).toEqual({ known: 4, alive: 4, busy: 2 });
    });

    it('tells all that a worker holds, oldest claim first', async () => {
      const { queue, workers } = subject();
      await queue.createAll(Array.from({ length: 130 }, () => ({})));
      const first = await queue.claimed();
      await untilLater(subject());
      const others = await queue.claimUpTo(128);
      await queue.complete(first);
      const ids = await workers.heldBy('worker-1');
      expect([...ids].sort()).toEqual(others.map(({ id }) => id).sort());
      expect(await workers.heldBy('nobody')).toEqual([]);
      const next = await queue.claimed();
      expect((await workers.heldBy('worker-1')).at(-1)).toBe(next.id);
    });

    if (reopens) {
      it('knows them after a restart', async () => {
        const { queue, reopen } = subject();
        await queue.complete(await held());
        await held();
        const before = await known();
        const after = await reopen();
        expect(await after.workers.find('worker-1')).toEqual(before);
      });
    }
  });
}

/** What a worker did, by the log alone. */
function recount(workerId: string, events: readonly HistoryEntry[]): Partial<WorkerRecord> {
  const own = events.filter((event) => event.workerId === workerId);
  const count = (...commands: readonly string[]): number =>
    own.filter(({ command }) => commands.includes(command)).length;
  const claimOf = ({ taskId, attempt }: HistoryEntry): HistoryEntry | undefined =>
    own.find((event) => event.command === 'claim' && event.taskId === taskId && event.attempt === attempt);
  const took = own
    .filter(({ command }) => command === 'complete')
    .map((event) => event.at - (claimOf(event)?.at ?? Number.NaN));
  return {
    claimed: count('claim'),
    completed: count('complete'),
    failed: count('fail'),
    lost: count('expire', 'time_out'),
    processingMs: took.reduce((sum, ms) => sum + ms, 0),
  };
}
