import { Commits, createDataSource, InMemoryConcurrencyKeys, InMemoryTaskStore } from '@task/infrastructure';
import { openSqlite } from '../contracts/sqlite-subject';
import { FixedClock } from '../support/fixed-clock';
import { startPostgres } from '../support/postgres';
import { openScratch, scratchPostgres } from '../support/scratch-databases';
import { SqliteTemplate } from '../support/sqlite-template';
import type { PlayedStore } from './orchestration/play';
import { tryGraphs } from './orchestration/try-graphs';
import { recounted, stored } from './roll-ups/recount';

type WithEnd = PlayedStore & { readonly atEnd: () => Promise<void> };

/** No task starts before its dependencies let it, none is forgotten, no limit is exceeded, all counters are right. */
describe('random graphs of tasks, whatever becomes of them', () => {
  it('in memory', async () => {
    await tryGraphs(
      async () => {
        const clock = new FixedClock();
        const tasks = new InMemoryTaskStore(clock, new Commits());
        const concurrencyKeys = new InMemoryConcurrencyKeys(tasks);
        return { parts: { tasks, concurrencyKeys }, clock, close: () => Promise.resolve() };
      },
      { numRuns: 150, maxBursts: 40 },
    );
  }, 180_000);

  it('on SQLite, which is stopped in between', async () => {
    const template = new SqliteTemplate();
    await tryGraphs(() => openWithRecount(template), { numRuns: 60, maxBursts: 40 });
    await template.remove();
  }, 180_000);

  it('on PostgreSQL', async () => {
    const postgres = await startPostgres();
    try {
      await tryGraphs(
        async () => {
          const database = await openScratch(await scratchPostgres(postgres));
          return { parts: database.store, close: () => database.remove() };
        },
        { numRuns: 6, maxBursts: 25 },
      );
    } finally {
      await postgres.stop();
    }
  }, 180_000);
});

async function openWithRecount(template: SqliteTemplate): Promise<WithEnd> {
  const { options, ...opened } = await openSqlite(template);
  return {
    ...opened,
    atEnd: async () => {
      const source = await createDataSource(options).initialize();
      expect(await stored(source)).toEqual(await recounted(source));
      await source.destroy();
    },
  };
}
