import { createDataSource, migrateStore, openStore } from '@task/infrastructure';
import type { DataSource } from 'typeorm';
import { CountedIds } from '../support/counted-ids';
import { startPostgres, type TestPostgres } from '../support/postgres';
import { scratchPostgres, scratchSqlite, type ScratchDatabase } from '../support/scratch-databases';
import { TestQueue } from '../support/test-queue';
import { catalogueOf, type Catalogue } from './catalogue';

let postgres: TestPostgres;

beforeAll(async () => {
  postgres = await startPostgres();
});

afterAll(async () => {
  await postgres.stop();
});

describe.each<[string, () => Promise<ScratchDatabase>]>([
  ['SQLite', () => scratchSqlite()],
  ['PostgreSQL', () => scratchPostgres(postgres)],
])('the migrations on %s', (_, scratch) => {
  let database: ScratchDatabase;
  let ids: CountedIds;

  beforeEach(async () => {
    ids = new CountedIds();
    database = await scratch();
  });

  afterEach(async () => {
    await database.remove();
  });

  const withSource = async <T>(use: (source: DataSource) => Promise<T>): Promise<T> => {
    const source = await createDataSource(database.options).initialize();
    try {
      return await use(source);
    } finally {
      await source.destroy();
    }
  };
  const catalogue = (): Promise<Catalogue> => withSource(catalogueOf);
  const ran = (): Promise<unknown[]> => withSource((source) => source.query('SELECT * FROM migrations'));
  const useStore = async (): Promise<void> => {
    const store = await openStore(database.options);
    const queue = new TestQueue(store.tasks, ids);
    await queue.create({ tags: ['a'] });
    await queue.complete(await queue.claimed());
    await store.close();
  };
  const undoAll = (): Promise<void> =>
    withSource(async (source) => {
      for (let left = source.migrations.length; left > 0; left -= 1) {
        await source.undoLastMigration({ transaction: 'each' });
      }
    });

  it('make a store out of nothing, all of them', async () => {
    const names = await migrateStore(database.options);
    expect(names).toEqual(await withSource(async ({ migrations }) => migrations.map(({ name }) => name)));
    expect(names.length).toBeGreaterThan(0);
    await expect(useStore()).resolves.toBeUndefined();
  });

  it('leave nothing behind when they are undone, also where tasks were', async () => {
    await migrateStore(database.options);
    await useStore();
    await undoAll();
    expect([...(await catalogue()).keys()]).toEqual([]);
    expect(await ran()).toEqual([]);
  });

  it('make the same again after they were undone', async () => {
    await migrateStore(database.options);
    const first = await catalogue();
    await undoAll();
    await migrateStore(database.options);
    expect(await catalogue()).toEqual(first);
    await expect(useStore()).resolves.toBeUndefined();
  });

  it('leave alone what a newer release has made, and name its migration', async () => {
    await migrateStore(database.options);
    await withSource((source) =>
      source.query(`INSERT INTO migrations (timestamp, name) VALUES (9764000000000, 'Later9764000000000')`),
    );
    const before = [await catalogue(), await ran()];
    await expect(migrateStore(database.options)).rejects.toThrow(
      'it has the schema of a newer release (Later9764000000000): use that one',
    );
    expect([await catalogue(), await ran()]).toEqual(before);
  });

  it('do nothing when there is nothing to do', async () => {
    await migrateStore(database.options);
    await useStore();
    const before = [await catalogue(), await ran()];
    expect(await migrateStore(database.options)).toEqual([]);
    expect([await catalogue(), await ran()]).toEqual(before);
    await expect(useStore()).resolves.toBeUndefined();
  });
});
