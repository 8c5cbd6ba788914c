import type Sqlite from 'better-sqlite3';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { loadLater } from '../system/load-later';
import type { DatabaseUrl } from '../config/database-url';
import { Initial1764000000000 } from './migrations/1764000000000-initial';
import { IdempotencyAndWorkers1764100000000 } from './migrations/1764100000000-idempotency-and-workers';
import { Settings1764210000000 } from './migrations/1764210000000-settings';
import { Statistics1764220000000 } from './migrations/1764220000000-statistics';
import { KeysAndAudit1764200000000 } from './migrations/1764200000000-keys-and-audit';
import { DependenciesAndKeys1764300000000 } from './migrations/1764300000000-dependencies-and-keys';
import { Archive1764400000000 } from './migrations/1764400000000-archive';
import { entitiesFor } from './schema/entities';
import { cipherDriver } from './sqlite/encryption/cipher-driver';
import { unlock } from './sqlite/encryption/unlock';
import { BUSY_TIMEOUT_MS, prepareReader, prepareWriter } from './sqlite/sqlite-connection';

/** How to reach the database. */
export interface DataSourceSettings {
  readonly url: DatabaseUrl;
  /** Of an encrypted SQLite file; null or absent for plain text. */
  readonly encryptionKey?: string | null;
  /** Connections to PostgreSQL at most; SQLite has one that writes and one that reads. */
  readonly maxConnections: number;
  /** How long to wait for a connection, a lock or a statement, ms. */
  readonly timeoutMs: number;
}

const MIGRATIONS = [
  Initial1764000000000,
  IdempotencyAndWorkers1764100000000,
  KeysAndAudit1764200000000,
  Settings1764210000000,
  Statistics1764220000000,
  DependenciesAndKeys1764300000000,
  Archive1764400000000,
];
type ParserOf = (oid: number, format?: 'text' | 'binary') => unknown;

/** Names of all migrations that this release knows, oldest first. */
export const MIGRATION_NAMES: readonly string[] = MIGRATIONS.map((Migration) => new Migration().name);

const INT8_OID = 20;

/** The data source that writes; not connected yet. */
export function createDataSource(settings: DataSourceSettings): DataSource {
  return new DataSource(optionsFor(settings));
}

/** A second connection to the same SQLite file that can only read. */
export function createReadOnlyDataSource(path: string, encryptionKey: string | null = null): DataSource {
  return new DataSource({
    type: 'better-sqlite3',
    database: path,
    readonly: true,
    timeout: BUSY_TIMEOUT_MS,
    ...connecting(encryptionKey, prepareReader),
  });
}

function optionsFor({
  url,
  maxConnections,
  timeoutMs,
  encryptionKey = null,
}: DataSourceSettings): DataSourceOptions {
  const migrations = { migrations: MIGRATIONS, migrationsTableName: 'migrations' };
  if (url.kind === 'sqlite') {
    return {
      type: 'better-sqlite3',
      database: url.path,
      timeout: BUSY_TIMEOUT_MS,
      ...connecting(encryptionKey, prepareWriter),
      entities: [...entitiesFor('sqlite')],
      ...migrations,
    };
  }
  return {
    type: 'postgres',
    url: url.url,
    applicationName: 'task-orchestrator',
    poolSize: maxConnections,
    connectTimeoutMS: timeoutMs,
    entities: [...entitiesFor('postgres')],
    ...migrations,
    extra: {
      statement_timeout: timeoutMs,
      lock_timeout: timeoutMs,
      idle_in_transaction_session_timeout: timeoutMs,
      types: { getTypeParser: numbersForBigints(loadLater('pg') as typeof import('pg')) },
    },
  };
}

/** The driver that a file needs, and what it does before anything else: with the key, nothing comes before the key. */
function connecting(
  key: string | null,
  prepareConnection: (db: Sqlite.Database) => void,
): Pick<Extract<DataSourceOptions, { type: 'better-sqlite3' }>, 'driver' | 'prepareDatabase'> {
  return {
    ...(key !== null && { driver: cipherDriver() }),
    prepareDatabase: (db: Sqlite.Database) => {
      unlock(db, key);
      prepareConnection(db);
    },
  };
}

/** Sequence numbers, event ids and epoch ms stay far below 2^53: as numbers they are exact and the same everywhere. */
function numbersForBigints({ types }: typeof import('pg')): ParserOf {
  const parserOf = types.getTypeParser as ParserOf;
  return (oid, format) => (oid === INT8_OID ? Number : parserOf(oid, format));
}
