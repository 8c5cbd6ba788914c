import { StoreUnavailable } from '@task/application';
import { TaskNotFound } from '@task/domain';
import fc from 'fast-check';
import { taskIn } from '../../../../test/support/builders';
import type { Command, Outcome } from './commands';
import { Lane, type GroupRunner, type LaneLimits } from './lane';

const LIVE = { aborted: false };
const LIMITS: LaneLimits = { maxQueued: 100, maxGroup: 10, maxTasks: 50, timeoutMs: 60_000 };
const TASK = taskIn('waiting');
const DONE: Outcome = { ok: true, tasks: [TASK] };
const POISON = new Error('cannot be stored');
const BROKEN = new Error('the disk is gone');
const UNKNOWN = new StoreUnavailable('unknown');

const faultOf = (error: unknown): StoreUnavailable | null => (error === BROKEN ? UNKNOWN : null);
const never = (): never => {
  throw new Error('the lane does not decide');
};
const create = (count = 1): Command => ({ kind: 'insert', dependsOn: [], count, decide: never });
const claim = (): Command => ({ kind: 'claim', filter: {}, limit: 1, decide: never });
const update = (): Command => ({ kind: 'update', id: TASK.id, decide: never });

/** A group that the lane wants to have run, and that runs until the test ends it. */
interface HeldGroup {
  readonly commands: readonly Command[];
  succeed(outcomes?: readonly Outcome[]): void;
  fail(error: Error): void;
}

/** Leaves it to the test when a group ends, and how. */
class HeldRunner implements GroupRunner {
  private readonly groups: HeldGroup[] = [];
  private awaited: ((group: HeldGroup) => void) | null = null;

  run(commands: readonly Command[]): Promise<readonly Outcome[]> {
    return new Promise((resolve, reject) => {
      const succeed = (outcomes = commands.map(() => DONE)): void => resolve(outcomes);
      const group = { commands, succeed, fail: reject };
      if (this.awaited === null) this.groups.push(group);
      else this.awaited(group);
      this.awaited = null;
    });
  }

  /** The next group, as soon as the lane runs it. */
  next(): Promise<HeldGroup> {
    const group = this.groups.shift();
    if (group !== undefined) return Promise.resolve(group);
    return new Promise((resolve) => {
      this.awaited = resolve;
    });
  }
}

describe('Lane', () => {
  const open = (limits: Partial<LaneLimits> = {}): { lane: Lane; runner: HeldRunner } => {
    const runner = new HeldRunner();
    const lane = new Lane(runner, faultOf, { ...LIMITS, ...limits });
    return { lane, runner };
  };
  /** What a command is told, and whether it has been told yet. */
  const submit = (
    lane: Lane,
    command: Command,
    signal = LIVE,
  ): { told: unknown; ended: Promise<unknown> } => {
    const watched: { told: unknown; ended: Promise<unknown> } = { told: 'nothing', ended: Promise.resolve() };
    watched.ended = lane.submit(command, signal).then(
      (tasks) => (watched.told = tasks),
      (error: unknown) => (watched.told = error),
    );
    return watched;
  };
  const submitAll = (lane: Lane, commands: readonly Command[]): readonly ReturnType<typeof submit>[] =>
    commands.map((command) => submit(lane, command));
  const toldTo = (asked: readonly ReturnType<typeof submit>[]): Promise<unknown[]> =>
    Promise.all(asked.map(({ ended }) => ended));

  describe('grouping', () => {
    it('runs what waits as one group, in its order', async () => {
      const { lane, runner } = open();
      const commands = [create(), claim(), create()];
      submitAll(lane, commands);
      expect((await runner.next()).commands).toEqual(commands);
    });

    it('runs as the next group what comes while one runs', async () => {
      const { lane, runner } = open();
      submit(lane, create());
      const first = await runner.next();
      const late = [create(), create()];
      submitAll(lane, late);
      first.succeed();
      expect((await runner.next()).commands).toEqual(late);
    });

    it('lets holders’ writes go before everything else, each in its order', async () => {
      const { lane, runner } = open();
      const [a, b, c, d, e] = [create(), update(), claim(), update(), create()];
      submitAll(lane, [a, b, c, d, e]);
      expect((await runner.next()).commands).toEqual([b, d, a, c, e]);
    });

    it('runs no more than its limit at once', async () => {
      const { lane, runner } = open({ maxGroup: 3 });
      const commands = [update(), update(), create(), create(), create(), create(), create()];
      submitAll(lane, commands);
      const sizes: number[] = [];
      const seen: Command[] = [];
      while (seen.length < commands.length) {
        const group = await runner.next();
        seen.push(...group.commands);
        sizes.push(group.commands.length);
        group.succeed();
      }
      expect(sizes).toEqual([3, 3, 1]);
      expect(seen).toEqual(commands);
    });
  });

  describe('groups of many tasks', () => {
    const groupsOf = async (
      commands: readonly Command[],
      limits: Partial<LaneLimits>,
    ): Promise<Command[][]> => {
      const { lane, runner } = open(limits);
      const asked = submitAll(lane, commands);
      const groups: Command[][] = [];
      while (groups.flat().length < commands.length) {
        const group = await runner.next();
        groups.push([...group.commands]);
        group.succeed();
      }
      await toldTo(asked);
      return groups;
    };

    it('end before they have more tasks than their limit, so that nobody waits long for a batch', async () => {
      const [a, b, c, d] = [create(20), create(30), create(1), create(50)];
      expect(await groupsOf([a, b, c, d], { maxTasks: 50 })).toEqual([[a, b], [c], [d]]);
    });

    it('take a command that is more than that by itself', async () => {
      const [a, b, c] = [create(1), create(500), create(1)];
      expect(await groupsOf([a, b, c], { maxTasks: 50 })).toEqual([[a], [b], [c]]);
    });

    it('count what claims ask for, and take holders’ writes first', async () => {
      const some: Command = { kind: 'claim', filter: {}, limit: 30, decide: never };
      const [a, b, c, d] = [update(), some, some, update()];
      expect(await groupsOf([a, b, c, d], { maxTasks: 50 })).toEqual([[a, d, b], [c]]);
    });
  });

  describe('bounds', () => {
    it('refuses as overloaded what comes on top of those that wait, holders’ writes too', async () => {
      const { lane, runner } = open({ maxQueued: 2 });
      const running = submit(lane, create());
      const group = await runner.next();
      const waiting = submitAll(lane, [create(), update()]);
      expect(lane.waiting).toBe(2);
      const refused = await toldTo(submitAll(lane, [create(), update()]));
      expect(refused).toEqual([new StoreUnavailable('overloaded'), new StoreUnavailable('overloaded')]);

      group.succeed();
      await running.ended;
      const next = await runner.next();
      expect(next.commands).toHaveLength(2);
      const again = submit(lane, create());
      next.succeed();
      await toldTo(waiting);
      (await runner.next()).succeed();
      expect(await again.ended).toEqual([TASK]);
    });

    it('drops a command that nobody waits for any more, before it runs', async () => {
      const { lane, runner } = open();
      submit(lane, create());
      const first = await runner.next();
      const signal = { aborted: false };
      const dropped = submit(lane, create(), signal);
      const kept = create();
      submit(lane, kept);
      signal.aborted = true;
      first.succeed();
      expect((await runner.next()).commands).toEqual([kept]);
      expect(await dropped.ended).toEqual(new StoreUnavailable('timed_out'));
    });

    it('drops a command whose time is over, before it runs', async () => {
      const { lane, runner } = open({ timeoutMs: 0 });
      expect(await toldTo(submitAll(lane, [create(), update(), claim()]))).toEqual(
        [1, 2, 3].map(() => new StoreUnavailable('timed_out')),
      );
      await lane.close();
      const untouched = await Promise.race([runner.next(), Promise.resolve('no group')]);
      expect(untouched).toBe('no group');
    });
  });

  describe('answers', () => {
    it('gives each command its own outcome, refusals too, and none before all is over', async () => {
      const { lane, runner } = open();
      const asked = submitAll(lane, [create(), claim(), create()]);
      const group = await runner.next();
      await new Promise(setImmediate);
      expect(asked.map(({ told }) => told)).toEqual(['nothing', 'nothing', 'nothing']);
      const refusal = new TaskNotFound(TASK.id);
      group.succeed([DONE, { ok: false, error: refusal }, { ok: true, tasks: [] }]);
      expect(await toldTo(asked)).toEqual([[TASK], refusal, []]);
    });

    it('leaves nobody without an answer, should there be too few', async () => {
      const { lane, runner } = open();
      const asked = submitAll(lane, [create(), create()]);
      (await runner.next()).succeed([DONE]);
      const [first, second] = await toldTo(asked);
      expect(first).toEqual([TASK]);
      expect(second).toBeInstanceOf(Error);
    });
  });

  describe('failures', () => {
    it('runs a group that fails again, one by one, so that a command fails alone', async () => {
      const { lane, runner } = open();
      const poison = create();
      const commands = [create(), poison, claim()];
      const asked = submitAll(lane, commands);
      (await runner.next()).fail(POISON);
      for (const command of commands) {
        const group = await runner.next();
        expect(group.commands).toEqual([command]);
        if (command === poison) group.fail(POISON);
        else group.succeed();
      }
      expect(await toldTo(asked)).toEqual([[TASK], POISON, [TASK]]);
    });

    it('gives a fault to all of the group, and does not run it again', async () => {
      const { lane, runner } = open();
      const asked = submitAll(lane, [create(), update()]);
      (await runner.next()).fail(BROKEN);
      expect(await toldTo(asked)).toEqual([UNKNOWN, UNKNOWN]);
      const next = create();
      submit(lane, next);
      expect((await runner.next()).commands).toEqual([next]);
    });

    it('gives a fault that comes while they run one by one to that one alone', async () => {
      const { lane, runner } = open();
      const asked = submitAll(lane, [create(), create(), create()]);
      (await runner.next()).fail(POISON);
      (await runner.next()).succeed();
      (await runner.next()).fail(BROKEN);
      (await runner.next()).succeed();
      expect(await toldTo(asked)).toEqual([[TASK], UNKNOWN, [TASK]]);
    });

    it('goes on with the next group', async () => {
      const { lane, runner } = open();
      const failed = submit(lane, create());
      const group = await runner.next();
      const next = submit(lane, create());
      group.fail(POISON);
      (await runner.next()).succeed();
      expect(await Promise.all([failed.ended, next.ended])).toEqual([POISON, [TASK]]);
    });
  });

  describe('trouble', () => {
    const NO_SPACE = new StoreUnavailable('no_space');

    it('is told when it comes and when it is over, once each', async () => {
      const told: (string | null)[] = [];
      const { lane, runner } = open({ maxGroup: 1 });
      lane.pulse.onTrouble(() => told.push(lane.pulse.trouble?.fault ?? null));
      const asked = submitAll(lane, [create(), create(), create(), create(), create()]);
      for (const error of [null, BROKEN, BROKEN, null, null]) {
        const group = await runner.next();
        if (error === null) group.succeed();
        else group.fail(error);
      }
      await toldTo(asked);
      expect(told).toEqual(['unknown', null]);
    });

    it.each([
      ['a command that cannot be stored', POISON, null],
      ['a group that found the store too busy', new StoreUnavailable('overloaded'), null],
      ['a full disk', NO_SPACE, NO_SPACE],
    ])('is looked for behind %s', async (_, error, trouble) => {
      const lane = new Lane(
        { run: () => Promise.reject(error) },
        (thrown) => (thrown instanceof StoreUnavailable ? thrown : null),
        { ...LIMITS, maxQueued: 10 },
      );
      await submit(lane, create()).ended;
      expect(lane.pulse.trouble).toBe(trouble);
    });
  });

  describe('closing', () => {
    it('runs what waits, and refuses what comes', async () => {
      const { lane, runner } = open({ maxGroup: 1 });
      const asked = submitAll(lane, [create(), create()]);
      const first = await runner.next();
      let isClosed = false;
      const closed = lane.close().then(() => (isClosed = true));
      expect(await submit(lane, create()).ended).toEqual(new StoreUnavailable('closing'));
      first.succeed();
      const second = await runner.next();
      expect(isClosed).toBe(false);
      second.succeed();
      await closed;
      expect(asked.map(({ told }) => told)).toEqual([[TASK], [TASK]]);
    });

    it('is done at once when nothing waits', async () => {
      const { lane } = open();
      await lane.close();
      expect(await submit(lane, update()).ended).toEqual(new StoreUnavailable('closing'));
    });
  });

  it('answers every command once, whatever fails', async () => {
    const endings = fc.constantFrom('done', 'poison', 'broken');
    await fc.assert(
      fc.asyncProperty(
        fc.array(endings, { maxLength: 30 }),
        fc.infiniteStream(endings),
        async (asks, chance) => {
          const run = async (commands: readonly Command[]): Promise<readonly Outcome[]> => {
            const { value } = chance.next();
            if (value === 'poison') throw POISON;
            if (value === 'broken') throw BROKEN;
            return commands.map(() => DONE);
          };
          const lane = new Lane({ run }, faultOf, { ...LIMITS, maxQueued: 20, maxGroup: 4 });
          const asked = asks.map((kind) => submit(lane, kind === 'done' ? update() : create()));
          await lane.close();
          expect(await toldTo(asked)).toHaveLength(asks.length);
          expect(lane.waiting).toBe(0);
        },
      ),
    );
  });
});
