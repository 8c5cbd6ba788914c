import { dependencyEnded, Task, TaskNotFound, type EpochMs } from '@task/domain';
import { ACTOR, NOW, RETRY, taskIn, terms } from '../../../../test/support/builders';
import { uuid } from '../../../../test/support/counted-ids';
import type { ClaimCommand, InsertCommand, LapseCommand } from './commands';
import { FakeTables } from './fake-tables.fixture';
import { cancel, GroupCommands, run, storedAs } from './group-commands.fixture';
import type { StoredTask } from './stored-task';

describe('GroupExecutor', () => {
  const { create, claim } = new GroupCommands();

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
          count: 1,
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
        count: 1,
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

  describe('dependents of what ended', () => {
    const told = async (limit: number, dependentSeqs: readonly number[]): Promise<number | undefined> => {
      const tables = new FakeTables([
        { ...storedAs(1), task: taskIn('completed') },
        storedAs(2, { gate: 'blocked', needs: { pending: 1, onFailure: 'wait' } }),
      ]);
      tables.endedSeqs = [1];
      tables.dependentSeqs = [...dependentSeqs];
      const decide = dependencyEnded;
      const [outcome] = await run(tables, [{ kind: 'tell', limit, decide }]);
      return outcome?.ok === true ? outcome.tasks.length : undefined;
    };

    it('are told, and the step says so', async () => {
      expect(await told(5, [2])).toBe(1);
    });

    it('are nobody where others have locked them: the step says that nothing can be told now', async () => {
      expect(await told(5, [])).toBe(0);
    });

    it('may be more behind a full step', async () => {
      expect(await told(1, [])).toBe(1);
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
});

const FAILURE = { errorMessage: 'no disk', result: null, retryable: false };
