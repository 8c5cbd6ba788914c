import type { DataSource } from 'typeorm';
import { startPostgres, type TestPostgres } from '../../../../../test/support/postgres';
import { openScratch, scratchPostgres } from '../../../../../test/support/scratch-databases';
import { describeBoundedLists } from '../bounded-lists.fixture';
import { createDataSource } from '../data-source';
import { PostgresLists } from './postgres-lists';

/** The least that is looked at at once: the page of 40 tasks is asked for in several pieces all the same. */
const IN_PIECES = 4;

describe('PostgresLists', () => {
  let postgres: TestPostgres;
  let source: DataSource;

  beforeAll(async () => (postgres = await startPostgres()));
  afterAll(() => postgres.stop());

  describeBoundedLists('PostgreSQL', async () => {
    const database = await openScratch(await scratchPostgres(postgres));
    source = await createDataSource(database.options).initialize();
    return {
      tasks: database.store.tasks,
      listsOf: (lookedAtMost = Infinity) => new PostgresLists(source, { lookedAtMost, least: IN_PIECES }),
      remove: async () => {
        await source.destroy();
        await database.remove();
      },
    };
  });
});
