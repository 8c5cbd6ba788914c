import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createDataSource, type StoreOptions } from '@task/infrastructure';
import type { DataSource } from 'typeorm';
import { startPostgres, type TestPostgres } from '../support/postgres';
import { scratchPostgres, scratchSqlite, type ScratchDatabase } from '../support/scratch-databases';

/** What only the migrations say: TypeORM can tell a foreign key on SQLite by a constraint's name alone, and ours has none. */
const FOREIGN_KEYS = [
  'ended_dependencies.seq → tasks.seq',
  'leases.seq → tasks.seq',
  'task_bodies.seq → tasks.seq',
  'task_tags.seq → tasks.seq',
  'task_tags.tag_id → tags.id',
  'tasks.group_id → task_groups.id',
  'tasks.key_id → concurrency_keys.id',
];

let postgres: TestPostgres;
const open: { source: DataSource; database: ScratchDatabase }[] = [];

beforeAll(async () => {
  postgres = await startPostgres();
});

afterEach(async () => {
  for (const { source, database } of open.splice(0)) {
    await source.destroy();
    await database.remove();
  }
});

afterAll(async () => {
  await postgres.stop();
});

async function migrated<T extends ScratchDatabase>(database: T): Promise<T & { source: DataSource }> {
  const source = await createDataSource(database.options).initialize();
  open.push({ source, database });
  await source.runMigrations({ transaction: 'each' });
  return { ...database, source };
}

/** What TypeORM would do to make the database what the entities say. */
async function differences(source: DataSource): Promise<string[]> {
  const { upQueries } = await source.driver.createSchemaBuilder().log();
  return upQueries.map(({ query }) => query);
}

describe('the entities say what the migrations made', () => {
  it('on PostgreSQL, its foreign keys aside', async () => {
    const { source } = await migrated(await scratchPostgres(postgres));
    expect((await differences(source)).sort()).toEqual(
      FOREIGN_KEYS.map((key) => key.split(/[. ]/))
        .map(([table, column]) => `ALTER TABLE "${table}" DROP CONSTRAINT "${table}_${column}_fkey"`)
        .sort(),
    );
  });

  it('on SQLite, its foreign keys aside', async () => {
    const { source, options, folder } = await migrated(await scratchSqlite());
    const twin = await readableTwin(source, {
      ...options,
      url: { kind: 'sqlite', path: join(folder, 'twin.db') },
    });
    expect(await differences(twin)).toEqual([]);
  });

  it.each([
    ['a column that is not there', 'ALTER TABLE leases DROP COLUMN progress_message'],
    ['a column that is too many', 'ALTER TABLE leases ADD COLUMN colour text'],
    ['an index that is not there', 'DROP INDEX tasks_ready'],
    ['another type', 'ALTER TABLE tasks ALTER COLUMN created_at TYPE integer'],
    ['another nullability', 'ALTER TABLE tasks ALTER COLUMN gate SET NOT NULL'],
    ['another default', 'ALTER TABLE task_groups ALTER COLUMN ready DROP DEFAULT'],
    ['another key', 'ALTER TABLE queue_blocks DROP CONSTRAINT queue_blocks_pkey'],
    ['no unique key', 'ALTER TABLE tasks DROP CONSTRAINT tasks_id_key'],
    ['no unique key over columns', 'ALTER TABLE task_history DROP CONSTRAINT task_history_seq_version_key'],
  ])('and would be told apart by %s on PostgreSQL', async (_, change) => {
    const { source } = await migrated(await scratchPostgres(postgres));
    await source.query(change);
    expect((await differences(source)).length).toBeGreaterThan(FOREIGN_KEYS.length);
  });

  it.each([
    ['a column that is not there', 'ALTER TABLE leases DROP COLUMN progress_message'],
    ['a column that is too many', 'ALTER TABLE leases ADD COLUMN colour text'],
    ['an index that is not there', 'DROP INDEX tasks_ready'],
    [
      'another type',
      'DROP TABLE tags; CREATE TABLE tags (id integer PRIMARY KEY, name blob NOT NULL UNIQUE)',
    ],
    ['no key', 'DROP TABLE tags; CREATE TABLE tags (id integer NOT NULL, name text NOT NULL UNIQUE)'],
    ['no unique key', 'DROP TABLE tags; CREATE TABLE tags (id integer PRIMARY KEY, name text NOT NULL)'],
    ['another nullability', 'DROP TABLE tags; CREATE TABLE tags (id integer PRIMARY KEY, name text UNIQUE)'],
  ])('and would be told apart by %s on SQLite', async (_, change) => {
    const { source, options, folder } = await migrated(await scratchSqlite());
    const path = join(folder, 'twin.db');
    const twin = await readableTwin(source, { ...options, url: { kind: 'sqlite', path } }, change);
    expect(await differences(twin)).not.toEqual([]);
  });

  it('and the indexes are those that are meant: their columns in order, and what they leave out', async () => {
    const { source } = await migrated(await scratchSqlite());
    const made = await source.query<{ sql: string }[]>(
      `SELECT sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL`,
    );
    const said = source.entityMetadatas.flatMap(({ tableName, indices }) =>
      indices.map(({ name, columns, where, isUnique }) => {
        const names = columns.map(({ databaseName }) => databaseName).join(', ');
        return `CREATE ${isUnique ? 'UNIQUE ' : ''}INDEX ${name} ON ${tableName} (${names})${where === undefined ? '' : ` WHERE ${where}`}`;
      }),
    );
    expect(made.map(({ sql }) => sql).sort()).toEqual(said.sort());
  });

  it('and ARCHITECTURE.md names the indexes of tasks, with their columns, and of leases', async () => {
    const page = await readFile(join(__dirname, '../../ARCHITECTURE.md'), 'utf8');
    const told = [...page.matchAll(/^\| `(tasks_\w+ \(.*\))`|`((?:leases|task_groups)_\w+)`/gm)];
    const { source } = await migrated(await scratchSqlite());
    const made = ['tasks', 'leases', 'task_groups'].flatMap((table) =>
      source.getMetadata(table).indices.map(({ name, columns }) => {
        const names = columns.map(({ databaseName }) => databaseName).join(', ');
        return table === 'tasks' ? `${name} (${names})` : name;
      }),
    );
    expect(told.map(([, ofTasks, ofOthers]) => ofTasks ?? ofOthers).sort()).toEqual(made.sort());
  });

  it('and the foreign keys are those that are meant, on both', async () => {
    const sqlite = await migrated(await scratchSqlite());
    const ofSqlite = await sqlite.source.query<{ key: string }[]>(
      `SELECT m.name || '.' || f."from" || ' → ' || f."table" || '.' || f."to" AS key
       FROM sqlite_master m JOIN pragma_foreign_key_list(m.name) f WHERE m.type = 'table' ORDER BY 1`,
    );
    const { source } = await migrated(await scratchPostgres(postgres));
    const ofPostgres = await source.query<{ key: string }[]>(
      `SELECT k.conrelid::regclass || '.' || a.attname || ' → ' || k.confrelid::regclass || '.' || b.attname AS key
       FROM pg_constraint k JOIN pg_attribute a ON (a.attrelid, a.attnum) = (k.conrelid, k.conkey[1])
       JOIN pg_attribute b ON (b.attrelid, b.attnum) = (k.confrelid, k.confkey[1])
       WHERE k.contype = 'f' ORDER BY 1`,
    );
    expect(ofSqlite.map(({ key }) => key)).toEqual(FOREIGN_KEYS);
    expect(ofPostgres.map(({ key }) => key)).toEqual(FOREIGN_KEYS);
  });

  it('and whatever belongs to a task is found without reading what belongs to others, when it is archived', async () => {
    const { source } = await migrated(await scratchSqlite());
    const plans = FOREIGN_KEYS.flatMap((key) => {
      const [, table = '', column = ''] = /^(\w+)\.(\w+) → tasks\.seq$/.exec(key) ?? [];
      return table === '' ? [] : [`EXPLAIN QUERY PLAN SELECT 1 FROM ${table} WHERE ${column} = 7`];
    });
    const details = await Promise.all(plans.map((plan) => source.query<{ detail: string }[]>(plan)));
    expect(details.length).toBeGreaterThan(2);
    expect(details.flat().map(({ detail }) => detail)).toEqual(
      details.map(() => expect.stringMatching(/^SEARCH /)),
    );
  });
});

/**
 * The same tables in a file of their own, written so that TypeORM reads them as they are.
 * @param change statements that make them others
 */
async function readableTwin(source: DataSource, options: StoreOptions, change = ''): Promise<DataSource> {
  const tables = await source.query<{ sql: string }[]>(
    `SELECT sql FROM sqlite_master WHERE type IN ('table', 'index') AND sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY type DESC`,
  );
  const twin = await createDataSource(options).initialize();
  open.push({ source: twin, database: { options, remove: () => Promise.resolve() } });
  for (const sql of [
    ...tables.map((table) => table.sql),
    ...change.split('; ').filter((one) => one !== ''),
  ]) {
    const withoutForeignKeys = sql.replace(/ REFERENCES \w+ \(\w+\)/g, '');
    // SQLite tells that the number of a row may be null, which it never is.
    await twin.query(withoutForeignKeys.replace(/\binteger PRIMARY KEY\b/g, 'integer NOT NULL PRIMARY KEY'));
  }
  return twin;
}
