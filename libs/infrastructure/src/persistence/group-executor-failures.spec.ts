import type { InsertCommand } from './commands';
import { BROKEN, DEADLOCK, FakeTables } from './fake-tables.fixture';
import { GroupCommands, run, storedAs } from './group-commands.fixture';

describe('GroupExecutor', () => {
  const { create, claim } = new GroupCommands();

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
        count: 1,
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
