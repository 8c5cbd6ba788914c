import { createDataSource, migrateStore } from '@task/infrastructure';
import { eventually } from '../support/eventually';
import { execute, startPostgres, type TestPostgres } from '../support/postgres';
import { postgresOptions } from '../support/spare-databases';

/** Who waits for the lock longer than a statement may take. */
const WAITING = `SELECT pid FROM pg_stat_activity WHERE wait_event = 'advisory' AND now() - query_start > '2 s'`;

describe('instances that start on one PostgreSQL at the same time', () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startPostgres();
  });
  afterAll(() => postgres.stop());

  it('bring the schema up to date once, while the others wait', async () => {
    const url = await postgres.createDatabase();
    const ran = await Promise.all(Array.from({ length: 4 }, () => migrateStore(postgresOptions(url))));
    const counts = ran.map((names) => names.length).sort((left, right) => left - right);
    expect(counts.slice(0, 3)).toEqual([0, 0, 0]);
    const [row] = await execute(url, 'SELECT count(*)::int AS migrations FROM migrations');
    expect(row).toEqual({ migrations: counts[3] });
  });

  it('wait for as long as it takes, whatever a statement is given otherwise', async () => {
    const url = await postgres.createDatabase();
    const another = await createDataSource(postgresOptions(url)).initialize();
    const runner = another.createQueryRunner();
    await runner.query('SELECT pg_advisory_lock(7215493016)');
    const migrated = migrateStore({ ...postgresOptions(url), timeoutMs: 1_500 });
    await eventually(async () => ((await execute(url, WAITING)).length > 0 ? true : null));
    await runner.release();
    await another.destroy();
    expect((await migrated).length).toBeGreaterThan(0);
  });
});
