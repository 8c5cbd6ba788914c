import type { DataSource } from 'typeorm';
import { createDataSource, type DataSourceSettings } from './data-source';
import { requireWholeData } from './moving/unfinished-move';
import { requireKnownSchema } from './newer-schema';

/** Of all instances of this service, and hopefully of nobody else on the same database. */
const MIGRATION_LOCK = 7_215_493_016;

/**
 * Brings the schema up to date. Instances that start at the same time wait for the one that does it, for as long as
 * it takes. @returns the names of the migrations that ran here, oldest first
 * @throws NewerSchema for what a newer release has migrated
 */
export async function migrateStore(settings: DataSourceSettings): Promise<readonly string[]> {
  // Two connections: one holds the lock, and the migrations have the other.
  const patient = { ...settings, maxConnections: 2, minConnections: 0, statementMs: null };
  const source = await createDataSource(patient).initialize();
  try {
    return await (settings.url.kind === 'postgres'
      ? alone(source, () => migrated(source))
      : migrated(source));
  } finally {
    await source.destroy();
  }
}

async function migrated(source: DataSource): Promise<readonly string[]> {
  await requireWholeData(source);
  await requireKnownSchema(source);
  const migrations = await source.runMigrations({ transaction: 'each' });
  return migrations.map(({ name }) => name);
}

/** Ends with its connection, whatever becomes of this process. */
async function alone<T>(source: DataSource, work: () => Promise<T>): Promise<T> {
  const runner = source.createQueryRunner();
  try {
    await runner.query('SELECT pg_advisory_lock($1)', [MIGRATION_LOCK]);
    return await work();
  } finally {
    await runner.release();
  }
}
