import { Commits, InMemoryEventLog, InMemoryTaskStore, InMemoryWorkerDirectory } from '@task/infrastructure';
import { openSqlite } from '../contracts/sqlite-subject';
import { FixedClock } from '../support/fixed-clock';
import { SqliteTemplate } from '../support/sqlite-template';
import { tryStore } from './model/run-model';

describe('whatever is done to a store, in whatever order', () => {
  it('in memory, it agrees with the model', async () => {
    await tryStore(
      async () => {
        const clock = new FixedClock();
        const commits = new Commits();
        const tasks = new InMemoryTaskStore(clock, commits);
        const [events, workers] = [new InMemoryEventLog(tasks), new InMemoryWorkerDirectory(tasks)];
        return { parts: { tasks, events, workers, commits }, clock, close: () => Promise.resolve() };
      },
      { setsClock: true, numRuns: 300, maxCommands: 60 },
    );
  }, 120_000);

  it('on SQLite, it agrees with the model, restarts included', async () => {
    const template = new SqliteTemplate();
    await tryStore(() => openSqlite(template), {
      setsClock: true,
      reopens: true,
      numRuns: 80,
      maxCommands: 60,
    });
    await template.remove();
  }, 120_000);
});
