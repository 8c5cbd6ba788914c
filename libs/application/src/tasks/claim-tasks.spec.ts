import { Task } from '@task/domain';
import type { Call, IdempotencyKey } from '../call';
import { ACTOR, CALL, draft, NOW, policy } from '../../../../test/support/builders';
import { CountedIds, uuid } from '../../../../test/support/counted-ids';
import { FixedClock } from '../../../../test/support/fixed-clock';
import { KeepingStore } from '../../../../test/support/keeping-store';
import { KnownWorkers } from '../../../../test/support/known-workers';
import { ManualCommits, readyTasks } from '../../../../test/support/manual-commits';
import { allThatFollows, ManualTimers } from '../../../../test/support/manual-timers';
import { ClaimTasks, type ClaimTasksInput } from './claim-tasks';
import { NoteWorkers } from '../workers/note-workers';
import { WaitingClaims } from './waiting-claims';

const KEY: IdempotencyKey = { key: 'k', fingerprint: 'f', onReplay: () => undefined };

const waitingTask = (number: number): Task => Task.create(draft(), uuid(number), ACTOR, NOW).task;

/** A queue of so many ready tasks, and whoever claims from it. */
class Claiming {
  readonly store: KeepingStore;
  readonly clock = new FixedClock();
  readonly timers = new ManualTimers(this.clock);
  readonly commits = new ManualCommits();
  readonly waiting: WaitingClaims;
  readonly workers = new KnownWorkers();
  private readonly claimTasks: ClaimTasks;

  constructor(count = 0) {
    this.store = new KeepingStore(Array.from({ length: count }, (_, index) => waitingTask(index + 1)));
    this.waiting = new WaitingClaims(this.store, this.clock, this.timers, this.commits);
    const rules = policy({ leaseMs: 90_000 });
    const notes = new NoteWorkers(this.workers, this.timers, rules);
    this.claimTasks = new ClaimTasks(this.store, new CountedIds(), rules, this.waiting, notes);
  }

  claim(input: Partial<ClaimTasksInput> = {}, call: Call = CALL): Promise<readonly Task[]> {
    return this.claimTasks.execute({ limit: 1, ...input }, call);
  }

  /** A task becomes ready, and its commit is told. */
  async put(number: number): Promise<void> {
    this.store.put(waitingTask(number));
    this.commits.publish({ ready: [readyTasks()] });
    await allThatFollows();
  }
}

describe('ClaimTasks', () => {
  it('hands out as many as are wanted and there, each with a token of its own', async () => {
    const claiming = new Claiming(3);
    const first = await claiming.claim({ limit: 2, workerId: 'worker-7' });
    const rest = await claiming.claim({ limit: 2 });
    expect(first.map(({ id }) => id)).toEqual([uuid(1), uuid(2)]);
    expect(first.map(({ state }) => state.lease)).toMatchObject([
      { token: 'token-1', workerId: 'worker-7', attempt: 1 },
      { token: 'token-2', workerId: 'worker-7', attempt: 1 },
    ]);
    expect(rest.map(({ id }) => id)).toEqual([uuid(3)]);
  });

  it('takes down that a worker lives which finds nothing, before it waits, and writes nothing for others', async () => {
    const claiming = new Claiming(1);
    await claiming.claim({ workerId: 'worker-7' });
    await claiming.claim();
    expect(claiming.workers.seen).toEqual([]);
    const waiting = claiming.claim({ workerId: 'worker-8', waitSeconds: 20 });
    await allThatFollows();
    expect(claiming.workers.seen).toEqual(['worker-8']);
    await claiming.claim({ workerId: 'worker-9' });
    expect(claiming.workers.seen).toEqual(['worker-8', 'worker-9']);
    await claiming.timers.advance(20_000);
    expect(await waiting).toEqual([]);
  });

  it('lasts as long as the worker asks, or else as the operator says', async () => {
    const claiming = new Claiming(2);
    const lengths = [await claiming.claim({ leaseSeconds: 10 }), await claiming.claim()].flat();
    expect(lengths.map(({ state }) => state.lease?.lengthMs)).toEqual([10_000, 90_000]);
  });

  it('records no name when none is given, and the caller’s key as who changed it', async () => {
    const [task] = await new Claiming(1).claim();
    expect(task?.state).toMatchObject({ updatedBy: CALL.actor, lease: { workerId: null } });
  });

  it.each<[Partial<ClaimTasksInput>, object]>([
    [{}, {}],
    [{ workPath: '/srv/x/../a/' }, { directory: { path: '/srv/a', recursive: false } }],
    [{ workPath: 'c:/a/', recursive: true }, { directory: { path: 'C:\\a', recursive: true } }],
    [{ recursive: true }, {}],
    [{ taskTypes: ['a', 'b'] }, { taskTypes: ['a', 'b'] }],
    [{ kbId: 'kb-1' }, { kbId: 'kb-1' }],
    [{ workPath: undefined, taskTypes: undefined, kbId: undefined }, {}],
  ])('asks for %j by %j', async (input, filter) => {
    const claiming = new Claiming();
    await claiming.claim(input);
    expect(claiming.store.claims).toEqual([{ filter, limit: 1 }]);
  });

  it('names the caller’s key to the store', async () => {
    const claiming = new Claiming(1);
    await claiming.claim({}, { ...CALL, idempotency: KEY });
    expect(claiming.store.keys).toEqual([KEY]);
  });

  describe('when there is nothing', () => {
    it('answers at once where nobody wants to wait', async () => {
      const claiming = new Claiming();
      expect([await claiming.claim(), await claiming.claim({ waitSeconds: 0 })]).toEqual([[], []]);
      expect(claiming.waiting.count).toBe(0);
    });

    it('waits for the first task, on the same terms', async () => {
      const claiming = new Claiming();
      const claim = claiming.claim({ waitSeconds: 25, limit: 5, workerId: 'w', leaseSeconds: 10 });
      await allThatFollows();
      await claiming.put(1);
      expect((await claim).map(({ state }) => state.lease)).toMatchObject([
        { workerId: 'w', lengthMs: 10_000 },
      ]);
    });

    it('waits no longer than wanted', async () => {
      const claiming = new Claiming();
      const claim = claiming.claim({ waitSeconds: 2 });
      await claiming.timers.advance(1_999);
      expect(claiming.waiting.count).toBe(1);
      await claiming.timers.advance(1);
      expect(await claim).toEqual([]);
    });
  });

  describe('whose caller hangs up', () => {
    /** The caller goes when the store has decided, and before it answers. */
    const goneOnAnswer = (call: { aborted: boolean }, claiming: Claiming): void => {
      const claim = claiming.store.claim.bind(claiming.store);
      claiming.store.claim = async (...args) => {
        const tasks = await claim(...args);
        call.aborted = tasks.length > 0;
        return tasks;
      };
    };

    it('has claimed nothing: all of it goes back at once, without a retry counted', async () => {
      const claiming = new Claiming(3);
      const signal = { aborted: false };
      goneOnAnswer(signal, claiming);
      expect(await claiming.claim({ limit: 2 }, { ...CALL, signal })).toEqual([]);
      for (const { state } of claiming.store.all) {
        expect(state).toMatchObject({ status: 'waiting', gate: 'ready', retryCount: 0 });
      }
      expect(claiming.store.all.map(({ attempt }) => attempt)).toEqual([1, 1, 0]);
    });

    it('has claimed nothing while it waited either', async () => {
      const claiming = new Claiming();
      const signal = { aborted: false };
      goneOnAnswer(signal, claiming);
      const claim = claiming.claim({ waitSeconds: 25 }, { ...CALL, signal });
      await allThatFollows();
      await claiming.put(1);
      expect(await claim).toEqual([]);
      expect(claiming.store.all[0]?.state).toMatchObject({
        status: 'waiting',
        lease: { endedBy: 'release' },
      });
    });

    it('keeps it when it can come back for it by its key', async () => {
      const claiming = new Claiming(1);
      const signal = { aborted: false };
      goneOnAnswer(signal, claiming);
      const claimed = await claiming.claim({}, { ...CALL, signal, idempotency: KEY });
      expect(claimed).toHaveLength(1);
      expect(claiming.store.all[0]?.status).toBe('working');
    });
  });
});
