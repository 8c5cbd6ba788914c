import { TaskNotFound, Task, type EpochMs, type TaskState } from '@task/domain';
import { ACTOR, draft, NOW, RETRY, taskIn, terms } from '../../../../test/support/builders';
import { CountedIds, uuid } from '../../../../test/support/counted-ids';
import type { Commit, IdempotencyKey } from '@task/application';
import { ArchiveTables } from './archive/archive-tables';
import type {
  ClaimCommand,
  Command,
  InsertCommand,
  KeptOutcome,
  LapseCommand,
  UpdateCommand,
} from './commands';
import { GroupExecutor } from './group-executor';
import type { Place, StoredTask } from './stored-task';
import type { StoredKey, Tables, WriteSet } from './tables';

const DEADLOCK = new Error('deadlock detected');
const BROKEN = new Error('the connection is gone');

/** Tables that keep nothing, tell what was asked of them, and fail when the test wants it. */
class FakeTables implements Tables {
  readonly asked: string[] = [];
  readonly written: WriteSet[] = [];
  waitingTasks: number | null = 0;
  dueSeqs: number[] = [];
  overdueSeqs: number[] = [];
  kept: KeptOutcome[] = [];
  readonly archive = new ArchiveTables((name) => this.query(name), 'sqlite');
  private readonly failures = new Map<string, Error[]>();
  private nextSeq = 100;
  private lastEvent = 0;

  constructor(private readonly stored: readonly StoredTask[] = []) {}

  /** Lets the next calls of a method fail, each with one of these. */
  failAt(method: keyof Tables, ...errors: readonly Error[]): void {
    this.failures.set(method, [...errors]);
  }

  begin = (): Promise<void> => this.answer('begin', undefined);
  commit = (): Promise<void> => this.answer('commit', undefined);
  rollback = (): Promise<void> => this.answer('rollback', undefined);
  announce = (): undefined => undefined;
  isShared = false;
  isRepeatable = (error: unknown): boolean => error === DEADLOCK;
  now = (): Promise<EpochMs> => this.answer('now', NOW);
  waiting = (): Promise<number> => this.answer('waiting', this.waitingTasks ?? 0);

  loadByIds(ids: readonly string[]): Promise<readonly StoredTask[]> {
    const found = this.stored.filter(({ task }) => ids.includes(task.id));
    return this.answer(`loadByIds ${ids.length}`, found);
  }

  loadBySeqs(seqs: readonly number[]): Promise<readonly StoredTask[]> {
    return this.answer(
      `loadBySeqs ${seqs.join()}`,
      this.stored.filter(({ seq }) => seqs.includes(seq)),
    );
  }

  claimable(filter: object, limit: number, taken: ReadonlySet<number>): Promise<readonly number[]> {
    const free = this.stored.filter(({ seq, task }) => task.state.gate === 'ready' && !taken.has(seq));
    return this.answer(
      `claimable ${JSON.stringify(filter)} ${limit}`,
      free.slice(0, limit).map(({ seq }) => seq),
    );
  }

  due(): Promise<readonly number[]> {
    return this.answer('due', this.dueSeqs.splice(0));
  }

  dueSchedules(): Promise<readonly never[]> {
    return this.answer('dueSchedules', []);
  }

  admit(states: readonly TaskState[]): Promise<readonly Place[]> {
    const places = states.map(() => ({ seq: (this.nextSeq += 1), groupId: 1, keyId: null }));
    return this.answer(`admit ${states.length}`, places);
  }

  overdue(_: EpochMs, limit: number): Promise<readonly number[]> {
    return this.answer(`overdue ${limit}`, this.overdueSeqs.slice(0, limit));
  }

  recall(keys: readonly string[]): Promise<readonly KeptOutcome[]> {
    const found = this.kept.filter(({ key }) => keys.includes(key));
    return this.answer(`recall ${keys.join()}`, found);
  }

  ended = (limit: number): Promise<readonly number[]> => this.answer(`ended ${limit}`, []);
  dependents = (): Promise<readonly number[]> => this.answer('dependents', []);
  keyLoads = (ids: readonly number[]): Promise<readonly StoredKey[]> =>
    this.answer(`keyLoads ${ids.join()}`, []);
  heldOf = (): Promise<readonly number[]> => this.answer('heldOf', []);
  readyOf = (): Promise<readonly number[]> => this.answer('readyOf', []);
  limitKey = (): Promise<number> => this.answer('limitKey', 1);
  strandedKeys = (): Promise<readonly number[]> => this.answer('strandedKeys', []);
  shiftLeases = (byMs: number): Promise<void> => this.answer(`shift ${byMs}`, undefined);
  keep = (outcomes: readonly KeptOutcome[]): Promise<void> =>
    this.answer(`keep ${outcomes.length}`, undefined);
  query = <Row extends object>(name: string): Promise<readonly Row[]> => this.answer(`query ${name}`, []);
  forgetOutcomes = (_: EpochMs, limit: number): Promise<number> => this.answer(`forget ${limit}`, limit);

  write(set: WriteSet): Promise<number | null> {
    this.written.push(set);
    this.lastEvent += set.transitions.length;
    return this.answer('write', set.transitions.length === 0 ? null : this.lastEvent);
  }

  private async answer<T>(call: string, value: T): Promise<T> {
    this.asked.push(call);
    const failure = this.failures.get(call.split(' ')[0] ?? '')?.shift();
    if (failure !== undefined) throw failure;
    return value;
  }
}

describe('GroupExecutor', () => {
  const ids = new CountedIds();
  const storedAs = (seq: number, state: Partial<TaskState> = {}): StoredTask => ({
    seq,
    groupId: 1,
    keyId: null,
    task: new Task({ ...taskIn('waiting').state, id: uuid(seq), ...state }),
  });
  const create = (count = 1): InsertCommand => ({
    kind: 'insert',
    dependsOn: [],
    decide: (now) => Array.from({ length: count }, () => Task.create(draft(), ids.taskId(), ACTOR, now)),
  });
  const claim = (limit = 1, filter = {}): ClaimCommand => ({
    kind: 'claim',
    filter,
    limit,
    decide: (task, now) => task.claim(terms({ token: ids.leaseToken() }), ACTOR, now),
  });
  const cancel = (id: string): UpdateCommand => ({
    kind: 'update',
    id,
    decide: (task, now) => task.cancel(null, true, ACTOR, now),
  });
  const run = (tables: Tables, commands: readonly Command[]): ReturnType<GroupExecutor['run']> =>
    new GroupExecutor(tables).run(commands);

  describe('in one transaction', () => {
    it('writes a group at once, between one begin and one commit', async () => {
      const tables = new FakeTables([storedAs(1)]);
      await run(tables, [create(), cancel(uuid(1)), create(2)]);
      expect(tables.asked).toEqual(['begin', 'now', 'loadByIds 1', 'waiting', 'admit 3', 'write', 'commit']);
      expect(tables.written.map(({ changes }) => changes.map(({ seq }) => seq))).toEqual([
        [1, 101, 102, 103],
      ]);
    });

    it('answers refusals in their place, and writes the rest', async () => {
      const tables = new FakeTables([storedAs(1)]);
      const refusal = new Error('refused');
      const outcomes = await run(tables, [
        cancel(uuid(2)),
        cancel(uuid(1)),
        cancel(uuid(1)),
        {
          kind: 'insert',
          dependsOn: [],
          decide: () => {
            throw refusal;
          },
        },
      ]);
      expect(outcomes.map(({ ok }) => ok)).toEqual([false, true, false, false]);
      expect(outcomes[0]).toEqual({ ok: false, error: new TaskNotFound(uuid(2)) });
      expect(outcomes[3]).toEqual({ ok: false, error: refusal });
      expect(tables.written.flatMap(({ transitions }) => transitions)).toHaveLength(1);
    });

    it('writes nothing where nothing was decided', async () => {
      const tables = new FakeTables([storedAs(1)]);
      await run(tables, [
        { kind: 'update', id: uuid(1), decide: (task) => ({ task, effects: [] }) },
        claim(0),
      ]);
      expect(tables.asked).not.toContain('write');
      expect(tables.asked.at(-1)).toBe('commit');
    });

    it('tells each decision about new tasks how many wait by then', async () => {
      const told: number[] = [];
      const tables = new FakeTables([storedAs(1), storedAs(2)]);
      tables.waitingTasks = 7;
      const asking = (count: number): InsertCommand => ({
        kind: 'insert',
        dependsOn: [],
        decide: (now, waiting) => {
          told.push(waiting);
          return create(count).decide(now, waiting, () => undefined);
        },
      });
      await run(tables, [asking(2), claim(), cancel(uuid(2)), asking(1)]);
      expect(told).toEqual([5, 7]);
    });

    it('keeps of a task what it was before the group and what it is after it', async () => {
      const working = storedAs(1, taskIn('working').state);
      const tables = new FakeTables([{ ...working, task: new Task({ ...working.task.state, id: uuid(1) }) }]);
      await run(tables, [
        { kind: 'update', id: uuid(1), decide: (task, now) => task.fail(FAILURE, {}, RETRY, ACTOR, now) },
        { kind: 'update', id: uuid(1), decide: (task, now) => task.retry(ACTOR, now) },
      ]);
      const [set] = tables.written;
      expect(set?.changes.map(({ before, after }) => [before?.status, after.status])).toEqual([
        ['working', 'waiting'],
      ]);
      expect(set?.transitions.map(({ transition }) => transition.command)).toEqual(['fail', 'retry']);
    });
  });

  describe('claiming', () => {
    it('asks once for all claims of one filter, and shares out in their order', async () => {
      const tables = new FakeTables([1, 2, 3, 4].map((seq) => storedAs(seq)));
      const outcomes = await run(tables, [claim(1), claim(2, { kbId: 'kb-1' }), claim(1), claim(2)]);
      expect(tables.asked.filter((call) => call.startsWith('claimable'))).toEqual([
        'claimable {} 4',
        'claimable {"kbId":"kb-1"} 2',
      ]);
      const given = outcomes.map((outcome) => (outcome.ok ? outcome.tasks.map(({ id }) => id) : []));
      expect(given).toEqual([[uuid(1)], [], [uuid(2)], [uuid(3), uuid(4)]]);
    });

    it('takes back the whole claim when one of its tasks is refused', async () => {
      const tables = new FakeTables([storedAs(1), storedAs(2)]);
      const refusal = new Error('refused');
      const decide: ClaimCommand['decide'] = (task, now) => {
        if (task.id === uuid(2)) throw refusal;
        return task.claim(terms(), ACTOR, now);
      };
      expect(await run(tables, [{ ...claim(2), decide }])).toEqual([{ ok: false, error: refusal }]);
      expect(tables.written).toEqual([]);
    });

    it('lets a write follow the claim of the same task, without loading it again', async () => {
      const tables = new FakeTables([storedAs(1)]);
      const outcomes = await run(tables, [cancel(uuid(1)), claim()]);
      expect(outcomes.map(({ ok }) => ok)).toEqual([true, true]);
      expect(tables.asked.filter((call) => call.startsWith('load'))).toEqual(['loadByIds 1']);
      expect(tables.written[0]?.changes[0]?.after.state).toMatchObject({ status: 'cancelled', version: 3 });
    });
  });

  describe('promotion', () => {
    const scheduled = storedAs(1, { gate: 'scheduled', availableAt: NOW - 1 });

    it('is committed by itself, before the claims look', async () => {
      const tables = new FakeTables([scheduled]);
      tables.dueSeqs = [1];
      await run(tables, [claim()]);
      const first = tables.asked.slice(0, tables.asked.indexOf('commit') + 2);
      expect(first).toEqual(['begin', 'now', 'due', 'loadBySeqs 1', 'write', 'commit', 'begin']);
      expect(tables.asked.indexOf('claimable {} 1')).toBeGreaterThan(first.length - 1);
      expect(tables.asked.filter((call) => call === 'commit')).toHaveLength(2);
      const [promoted] = tables.written;
      expect(promoted?.changes.map(({ after }) => after.state.gate)).toEqual(['ready']);
      expect(promoted?.transitions).toEqual([]);
      expect(promoted?.rollUps.ready).toEqual([{ groupId: 1, ready: 1 }]);
    });

    it('costs no transaction when nothing is due, and is not asked for without a claim', async () => {
      const idle = new FakeTables([storedAs(2)]);
      await run(idle, [claim()]);
      expect(idle.asked.filter((call) => call === 'commit')).toHaveLength(1);
      const writing = new FakeTables([storedAs(2)]);
      await run(writing, [cancel(uuid(2)), create()]);
      expect(writing.asked).not.toContain('due');
    });
  });

  describe('lapsed leases', () => {
    const lapse = (limit = 10): LapseCommand => ({
      kind: 'lapse',
      limit,
      decide: (task, now) => task.lapse(RETRY, now + 60_000),
    });
    const held = (seq: number): StoredTask => storedAs(seq, taskIn('working').state);
    const heldTables = (...seqs: readonly number[]): FakeTables => {
      const tables = new FakeTables(
        seqs.map((seq) => ({ ...held(seq), task: new Task({ ...held(seq).task.state, id: uuid(seq) }) })),
      );
      tables.overdueSeqs = [...seqs];
      return tables;
    };

    it('are taken, as many as asked for, and answered', async () => {
      const tables = heldTables(1, 2, 3);
      const [outcome] = await run(tables, [lapse(2)]);
      expect(outcome?.ok === true && outcome.tasks.map(({ id }) => id)).toEqual([uuid(1), uuid(2)]);
      expect(tables.written[0]?.transitions.map(({ transition }) => transition.command)).toEqual([
        'expire',
        'expire',
      ]);
    });

    it('are judged after their holders’ writes of the same moment, which count', async () => {
      const tables = heldTables(1, 2);
      const [lapsed, renewed] = await run(tables, [
        lapse(),
        { kind: 'update', id: uuid(1), decide: (task, now) => task.renew({}, {}, now + 1) },
      ]);
      expect(lapsed?.ok === true && lapsed.tasks.map(({ id }) => id)).toEqual([uuid(2)]);
      expect(renewed?.ok).toBe(true);
      expect(tables.written[0]?.transitions.map(({ seq }) => seq)).toEqual([2]);
    });

    it('are left alone where the decision leaves them alone', async () => {
      const tables = heldTables(1);
      const [outcome] = await run(tables, [
        { ...lapse(), decide: (task: Task, now: EpochMs) => task.lapse(RETRY, now) },
      ]);
      expect(outcome).toEqual({ ok: true, tasks: [] });
      expect(tables.written).toEqual([]);
    });

    it('are taken once by two sweeps of one group', async () => {
      const tables = heldTables(1);
      const outcomes = await run(tables, [lapse(), lapse()]);
      expect(outcomes.map((outcome) => outcome.ok && outcome.tasks.length)).toEqual([1, 0]);
    });
  });

  describe('upkeep', () => {
    it('comes before everything else, and is answered with no task', async () => {
      const tables = new FakeTables([storedAs(1)]);
      const outcomes = await run(tables, [
        claim(),
        { kind: 'upkeep', run: (upkeep) => upkeep.shiftLeases(5, NOW, 1) },
        { kind: 'upkeep', run: (upkeep, now) => upkeep.forgetOutcomes(now, 7) },
      ]);
      expect(outcomes.slice(1)).toEqual([
        { ok: true, tasks: [] },
        { ok: true, tasks: [] },
      ]);
      const asked = tables.asked.filter((call) => /shift|forget|claimable/.test(call));
      expect(asked).toEqual(['shift 5', 'forget 7', 'claimable {} 1']);
    });
  });

  describe('idempotency keys', () => {
    let replays = 0;
    const keyed = (key: string, fingerprint = 'f'): IdempotencyKey => ({
      key,
      fingerprint,
      onReplay: () => (replays += 1),
    });
    beforeEach(() => {
      replays = 0;
    });

    it('are not asked for where no command has one', async () => {
      const tables = new FakeTables([storedAs(1)]);
      await run(tables, [create(), claim()]);
      expect(tables.asked.some((call) => call.startsWith('recall'))).toBe(false);
    });

    it('let the second of two in one group have the outcome of the first', async () => {
      const tables = new FakeTables([storedAs(1)]);
      const command = { ...create(), key: keyed('k') };
      const outcomes = await run(tables, [command, { ...create(), key: keyed('k') }]);
      expect(outcomes[1]).toEqual(outcomes[0]);
      expect(replays).toBe(1);
      expect(tables.written[0]?.changes).toHaveLength(1);
      expect(tables.written[0]?.outcomes).toHaveLength(1);
    });

    it('refuse the second of two in one group that asks for something else', async () => {
      const tables = new FakeTables([storedAs(1)]);
      const outcomes = await run(tables, [
        { ...create(), key: keyed('k') },
        { ...cancel(uuid(1)), key: keyed('k', 'other') },
      ]);
      // Holders' writes go first, whatever came first.
      expect(outcomes.map((outcome) => outcome.ok || (outcome.error as { code: string }).code)).toEqual([
        'idempotency.key_reused',
        true,
      ]);
      expect(replays).toBe(0);
    });

    it('give two claims of one group with one key the same task, and leave the other one ready', async () => {
      const tables = new FakeTables([storedAs(1), storedAs(2)]);
      const outcomes = await run(tables, [
        { ...claim(), key: keyed('k') },
        { ...claim(), key: keyed('k') },
      ]);
      expect(outcomes[1]).toEqual(outcomes[0]);
      expect(tables.written[0]?.changes.map(({ after }) => after.id)).toEqual([uuid(1)]);
    });

    it('keep what is refused by a task’s state, though nothing else is written', async () => {
      const tables = new FakeTables();
      await run(tables, [{ ...cancel(uuid(1)), key: keyed('k') }]);
      expect(tables.written).toMatchObject([{ changes: [], outcomes: [{ key: 'k', fingerprint: 'f' }] }]);
    });
  });

  describe('the news of a commit', () => {
    const runHearing = async (tables: FakeTables, commands: readonly Command[]): Promise<Commit[]> => {
      const heard: Commit[] = [];
      const executor = new GroupExecutor(tables, (commit) => {
        expect(tables.asked.at(-1)).toBe('commit');
        heard.push(commit);
      });
      await executor.run(commands).catch(() => undefined);
      return heard;
    };

    it('is told after it, with what became ready and the last event', async () => {
      const heard = await runHearing(new FakeTables(), [create(2)]);
      const ready = [{ directory: '/srv/project', taskType: 'agent_prompt', kbId: null, count: 2 }];
      expect(heard).toMatchObject([{ ready, scheduledFor: null, lastEventId: 2, hasEndedDependency: false }]);
      expect(heard[0]?.moves.map(({ transition, before }) => [transition.command, before])).toEqual([
        ['create', null],
        ['create', null],
      ]);
    });

    it('is told of a promotion by itself, without an event', async () => {
      const tables = new FakeTables([storedAs(1, { gate: 'scheduled', availableAt: NOW - 1 })]);
      tables.dueSeqs = [1];
      const heard = await runHearing(tables, [claim(0)]);
      expect(heard).toMatchObject([{ ready: [{ count: 1 }], lastEventId: null }]);
    });

    it('is not told where nothing was written, or nothing committed', async () => {
      expect(await runHearing(new FakeTables(), [claim()])).toEqual([]);
      const tables = new FakeTables();
      tables.failAt('commit', BROKEN);
      expect(await runHearing(tables, [create()])).toEqual([]);
    });
  });

  describe('failures', () => {
    it.each(['now', 'due', 'claimable', 'loadBySeqs', 'waiting', 'admit', 'write', 'commit'] as const)(
      'take the transaction back when %s fails',
      async (method) => {
        const tables = new FakeTables([storedAs(1)]);
        tables.failAt(method, BROKEN);
        await expect(run(tables, [claim(), create()])).rejects.toBe(BROKEN);
        expect(tables.asked.at(-1)).toBe('rollback');
        expect(tables.asked.filter((call) => call === 'begin')).toHaveLength(1);
      },
    );

    it('leave nothing to take back when no transaction began', async () => {
      const tables = new FakeTables();
      tables.failAt('begin', BROKEN);
      await expect(run(tables, [create()])).rejects.toBe(BROKEN);
      expect(tables.asked).toEqual(['begin']);
    });

    it('that may pass the next time are tried again, and decided again', async () => {
      const tables = new FakeTables();
      tables.failAt('commit', DEADLOCK, DEADLOCK, DEADLOCK);
      const decisions: number[] = [];
      const command: InsertCommand = {
        kind: 'insert',
        dependsOn: [],
        decide: (now, waiting) => {
          decisions.push(waiting);
          return create().decide(now, waiting, () => undefined);
        },
      };
      const [outcome] = await run(tables, [command]);
      expect(outcome?.ok).toBe(true);
      expect(decisions).toEqual([0, 0, 0, 0]);
      expect(tables.asked.filter((call) => /begin|commit|rollback/.test(call)).join(' ')).toBe(
        'begin commit rollback begin commit rollback begin commit rollback begin commit',
      );
    });

    it('that do not pass are given up after four times', async () => {
      const tables = new FakeTables();
      tables.failAt('write', DEADLOCK, DEADLOCK, DEADLOCK, DEADLOCK, DEADLOCK);
      await expect(run(tables, [create()])).rejects.toBe(DEADLOCK);
      expect(tables.asked.filter((call) => call === 'begin')).toHaveLength(4);
    });
  });
});

const FAILURE = { errorMessage: 'no disk', result: null, retryable: false };
