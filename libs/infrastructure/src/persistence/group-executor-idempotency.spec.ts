import type { IdempotencyKey } from '@task/application';
import { uuid } from '../../../../test/support/counted-ids';
import { FakeTables } from './fake-tables.fixture';
import { cancel, GroupCommands, run, storedAs } from './group-commands.fixture';

describe('GroupExecutor', () => {
  const { create, claim } = new GroupCommands();

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
});
