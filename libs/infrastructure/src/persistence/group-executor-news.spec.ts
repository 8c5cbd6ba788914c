import type { Commit } from '@task/application';
import { NOW } from '../../../../test/support/builders';
import type { Command } from './commands';
import { BROKEN, FakeTables } from './fake-tables.fixture';
import { GroupCommands, storedAs } from './group-commands.fixture';
import { GroupExecutor } from './group-executor';

describe('GroupExecutor', () => {
  const { create, claim } = new GroupCommands();

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
});
