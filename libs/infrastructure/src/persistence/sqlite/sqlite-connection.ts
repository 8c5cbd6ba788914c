import { accessSync, constants, existsSync } from 'node:fs';
import type Sqlite from 'better-sqlite3';
import type { DataSource } from 'typeorm';

/** Another process's lock may hold us up this long; longer, and the event loop would stand still for everybody. */
export const BUSY_TIMEOUT_MS = 100;

/**
 * Pages of the write-ahead log after which they are copied into the file, 32 MB. Ids are random, so that tasks spread
 * over their index: the longer the log, the more often a page is copied once for many commits.
 */
const CHECKPOINT_PAGES = 8_000;

/**
 * Memory for pages, KB. The driver's default of 16 MB a connection is filled by any longer queue; what is not in there
 * is in the system's own cache, a few µs away. A group of commands touches a few hundred pages.
 */
const WRITER_CACHE_KB = 8_000;
const READER_CACHE_KB = 4_000;

/** Settings of the connection that writes: an acknowledged write is on disk, also after a power cut. */
export function prepareWriter(db: Sqlite.Database): void {
  requireWritable(db.name);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.pragma('temp_store = MEMORY');
  db.pragma(`cache_size = -${WRITER_CACHE_KB}`);
  db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  db.pragma('journal_size_limit = 67108864');
  requireDurable(db);
}

/** Settings of the connection that only reads. */
export function prepareReader(db: Sqlite.Database): void {
  db.pragma('query_only = ON');
  db.pragma(`cache_size = -${READER_CACHE_KB}`);
  // What is sorted here would else be written to a file of its own, as plain text.
  db.pragma('temp_store = MEMORY');
}

/** The connection under a TypeORM data source on SQLite: the hot paths prepare their statements on it. */
export function connectionOf(source: DataSource): Sqlite.Database {
  const driver: unknown = source.driver;
  return (driver as { databaseConnection: Sqlite.Database }).databaseConnection;
}

/** What SQLite may not write it opens for reading, without a word until somebody writes. */
function requireWritable(path: string): void {
  if (!existsSync(path)) return;
  accessSync(path, constants.W_OK);
}

function requireDurable(db: Sqlite.Database): void {
  const mode = String(db.pragma('journal_mode', { simple: true }));
  const synchronous = Number(db.pragma('synchronous', { simple: true }));
  if (mode === 'wal' && synchronous === 2) return;
  throw new Error(
    `SQLite would not be durable: journal_mode ${mode}, synchronous ${synchronous}; needed wal and 2`,
  );
}
