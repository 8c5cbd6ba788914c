import type { Commit, ReadyTasks } from '@task/application';
import type { Task, TaskDraft } from '@task/domain';
import { ACTOR, failure, RETRY } from '../support/builders';
import { readyTasks } from '../support/manual-commits';
import { shortly, untilTime, useStore, type OpenedStore } from './subject';

const FAR_FUTURE = Date.UTC(2200, 0, 1);

/** What every store has to tell of its commits. */
export function describeCommitFeed(name: string, open: () => Promise<OpenedStore>): void {
  describe(`CommitFeed ${name}`, () => {
    const subject = useStore(open);

    /** What was told while something was done. */
    const toldOf = async (work: () => Promise<unknown>): Promise<readonly Commit[]> => {
      const told: Commit[] = [];
      const unsubscribe = subject().commits.subscribe((commit) => told.push(commit));
      await work();
      unsubscribe();
      return told;
    };
    const readyOf = (commits: readonly Commit[]): readonly ReadyTasks[] =>
      commits.flatMap(({ ready }) => ready);
    const lastEvent = async (): Promise<number> => (await subject().events.bounds()).newest;
    const working = async (changes: Partial<TaskDraft> = {}): Promise<Task> => {
      const { queue } = subject();
      await queue.create(changes);
      return queue.claimed();
    };

    it('tells of new tasks what claims can ask for, and how many of each', async () => {
      const { queue } = subject();
      const commits = await toldOf(() =>
        queue.createAll([
          { workDirectory: '/srv/a', taskType: 'build' },
          { workDirectory: '/srv//x/../a/', taskType: 'build' },
          { workDirectory: '/srv/a', taskType: 'test' },
          { workDirectory: '/srv/a', taskType: 'build', kbId: 'kb-1' },
          { workDirectory: null, taskType: 'build', priority: 9 },
        ]),
      );
      expect(commits).toHaveLength(1);
      const kinds = readyOf(commits).map((kind) => JSON.stringify(kind));
      const expected = [
        { directory: '/srv/a', taskType: 'build', kbId: null, count: 2 },
        { directory: '/srv/a', taskType: 'test', kbId: null, count: 1 },
        { directory: '/srv/a', taskType: 'build', kbId: 'kb-1', count: 1 },
        { directory: null, taskType: 'build', kbId: null, count: 1 },
      ];
      expect(kinds.sort()).toEqual(expected.map((kind) => JSON.stringify(kind)).sort());
      expect(commits[0]).toMatchObject({ scheduledFor: null, lastEventId: 5 });
    });

    it('tells of it when it can be read, and the log too', async () => {
      const { queue, commits, events } = subject();
      const reads: Promise<unknown>[] = [];
      const unsubscribe = commits.subscribe(({ lastEventId }) => {
        const id = lastEventId ?? 0;
        reads.push(events.read(id - 1, 1, {}).then(({ events: [event] }) => event?.eventId === id));
        reads.push(queue.store.countByStatus().then(({ waiting, working: held }) => waiting + held === 1));
      });
      await queue.create();
      await queue.claimed();
      unsubscribe();
      expect(await Promise.all(reads)).toEqual([true, true, true, true]);
    });

    it('tells the last event of each commit, in their order', async () => {
      const { queue } = subject();
      const commits = await toldOf(async () => {
        await Promise.all(Array.from({ length: 20 }, () => queue.create()));
        await queue.complete(await queue.claimed());
      });
      const ids = commits.map(({ lastEventId }) => lastEventId ?? Number.NaN);
      expect(ids).toEqual([...ids].sort((left, right) => left - right));
      expect(ids.at(-1)).toBe(await lastEvent());
      expect(readyOf(commits).reduce((sum, { count }) => sum + count, 0)).toBe(20);
    });

    it.each<[string, (task: Task) => Promise<unknown>]>([
      ['released', (task) => subject().queue.release(task)],
      ['retried', async (task) => subject().queue.retry(await subject().queue.fail(task))],
      ['expired', (task) => subject().queue.update(task, (current, now) => current.expire(now))],
    ])('tells that a task is ready again that was %s', async (_, bringBack) => {
      const task = await working({ taskType: 'build' });
      const commits = await toldOf(() => bringBack(task));
      expect(readyOf(commits)).toEqual([readyTasks({ taskType: 'build' })]);
      expect(commits.at(-1)?.lastEventId).toBe(await lastEvent());
    });

    it('tells that a task is ready that failed, and comes back at once', async () => {
      const { queue } = subject();
      const task = await working({ autoRetry: true });
      const atOnce = { ...RETRY, baseMs: 0 };
      const commits = await toldOf(() =>
        queue.update(task, (current, now) => current.fail(failure(), {}, atOnce, ACTOR, now)),
      );
      expect(commits).toMatchObject([{ ready: [readyTasks()], scheduledFor: null, lastEventId: 3 }]);
    });

    it('tells of leases that were taken', async () => {
      const { queue } = subject();
      await queue.createAll([{}, {}]);
      const tasks = await queue.claimUpTo(2, {}, { lengthMs: 1 });
      await untilTime(subject(), tasks[1]?.state.lease?.expiresAt ?? 0);
      const commits = await toldOf(() => queue.lapse());
      expect(commits).toMatchObject([
        { ready: [readyTasks({ count: 2 })], scheduledFor: null, lastEventId: await lastEvent() },
      ]);
    });

    it('tells the earliest time for which tasks are scheduled', async () => {
      const { queue } = subject();
      const commits = await toldOf(() =>
        queue.createAll([{ availableAt: FAR_FUTURE + 5 }, { availableAt: FAR_FUTURE }, {}]),
      );
      expect(commits).toMatchObject([{ ready: [readyTasks()], scheduledFor: FAR_FUTURE, lastEventId: 3 }]);
    });

    it('tells when a task that retries itself comes back', async () => {
      const { queue } = subject();
      const task = await working({ autoRetry: true });
      let failed: Task | undefined;
      const [commit] = await toldOf(async () => (failed = await queue.fail(task)));
      expect(commit).toMatchObject({ ready: [], scheduledFor: failed?.state.availableAt });
    });

    it('tells that a task came due, which is no event, before it is claimed', async () => {
      const { queue } = subject();
      const soon = (await queue.now()) + shortly(subject());
      await queue.createAll([{ availableAt: soon }, { availableAt: soon }]);
      await untilTime(subject(), soon);
      const before = await lastEvent();
      const commits = await toldOf(() => queue.claimed({}, {}));
      expect(readyOf(commits).reduce((sum, { count }) => sum + count, 0)).toBe(2);
      const [promotion] = commits;
      expect(promotion).toMatchObject({ scheduledFor: null, lastEventId: null });
      expect(commits.at(-1)).toMatchObject({ ready: [], lastEventId: before + 1 });
    });

    it('tells of what makes nothing ready as that', async () => {
      const { queue } = subject();
      const task = await working();
      await queue.create();
      const commits = await toldOf(async () => {
        await queue.complete(task);
        await queue.cancel(await queue.claimed());
        await queue.cancel(await queue.create({ availableAt: FAR_FUTURE }));
      });
      expect(readyOf(commits)).toEqual([]);
      expect(commits.filter(({ lastEventId }) => lastEventId !== null)).toHaveLength(5);
    });

    it('tells of no event where there is none', async () => {
      const { queue } = subject();
      const task = await working();
      const commits = await toldOf(async () => {
        await queue.renew(task, { progress: 5 });
        await queue.claim();
        await queue.store.shiftLeases(1, await queue.now(), 1);
        await queue.store.forgetOutcomes(1);
        await queue.lapse();
      });
      for (const commit of commits) {
        expect(commit).toEqual({
          ready: [],
          scheduledFor: null,
          lastEventId: null,
          hasEndedDependency: false,
          moves: [],
        });
      }
    });

    it('tells what was done, each with its task before and after', async () => {
      const { queue } = subject();
      const commits = await toldOf(async () => {
        await queue.complete(await working());
        await queue.complete(await working(), null, {});
      });
      const moves = commits.flatMap((commit) => commit.moves);
      expect(moves.map(({ transition: { command, from, to } }) => [command, from, to])).toEqual([
        ...[
          ['create', null, 'waiting'],
          ['claim', 'waiting', 'working'],
          ['complete', 'working', 'completed'],
        ],
        ...[
          ['create', null, 'waiting'],
          ['claim', 'waiting', 'working'],
          ['complete', 'working', 'completed'],
        ],
      ]);
      expect(moves.map(({ before, after }) => [before?.status ?? null, after.status])).toEqual(
        moves.map(({ transition: { from, to } }) => [from, to]),
      );
      expect(moves.map(({ transition }) => transition.isUnproven ?? false)).toEqual([
        ...[false, false, false],
        ...[false, false, true],
      ]);
    });

    it('tells nothing of what was refused', async () => {
      const { queue } = subject();
      const task = await working();
      const commits = await toldOf(() => queue.release(task, null, { leaseToken: 'x' }).catch(() => null));
      expect(readyOf(commits)).toEqual([]);
      expect(commits.map(({ lastEventId }) => lastEventId).filter((id) => id !== null)).toEqual([]);
    });

    it('tells everybody who listens, until they stop', async () => {
      const { queue, commits } = subject();
      const told = { first: 0, second: 0 };
      const stopFirst = commits.subscribe(() => (told.first += 1));
      const stopSecond = commits.subscribe(() => (told.second += 1));
      await queue.create();
      stopFirst();
      await queue.create();
      stopSecond();
      await queue.create();
      expect(told).toEqual({ first: 1, second: 2 });
    });
  });
}
