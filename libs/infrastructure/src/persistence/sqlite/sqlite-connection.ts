import type Sqlite from 'better-sqlite3';
import type { DataSource } from 'typeorm';

/** Another process's lock may hold us up this long; longer, and the event loop would stand still for everybody. */
export const BUSY_TIMEOUT_MS = 100;

/**
 * Pages of the write-ahead log after which they are copied into the file, 32 MB. Ids are random, so that tasks spread
 * over their index: the longer the log, the more often a page is copied once for many commits.
 */
const CHECKPOINT_PAGES = 8_000;

/** Settings of the connection that writes: an acknowledged write is on disk, also after a power cut. */
export function prepareWriter(db: Sqlite.Database): void {
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('temp_store = MEMORY');
  db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  db.pragma('journal_size_limit = 67108864');
  requireDurable(db);
}

/** Settings of the connection that only reads. */
export function prepareReader(db: Sqlite.Database): void {
  db.pragma('query_only = ON');
  // What is sorted here would else be written to a file of its own, as plain text.
  db.pragma('temp_store = MEMORY');
}

/** The connection under a TypeORM data source on SQLite: the hot paths prepare their statements on it. */
export function connectionOf(source: DataSource): Sqlite.Database {
  const driver: unknown = source.driver;
  return (driver as { databaseConnection: Sqlite.Database }).databaseConnection;
}

function requireDurable(db: Sqlite.Database): void {
  const mode = String(db.pragma('journal_mode', { simple: true }));
  const synchronous = Number(db.pragma('synchronous', { simple: true }));
  if (mode === 'wal' && synchronous === 2) return;
  throw new Error(
    `SQLite would not be durable: journal_mode ${mode}, synchronous ${synchronous}; needed wal and 2`,
  );
}
