import type Sqlite from 'better-sqlite3';
import { DataSource, type DataSourceOptions } from 'typeorm';
import { loadLater } from '../system/load-later';
import type { DatabaseUrl } from '../config/database-url';
import { Initial1764000000000 } from './migrations/1764000000000-initial';
import { IdempotencyAndWorkers1764100000000 } from './migrations/1764100000000-idempotency-and-workers';
import { Settings1764210000000 } from './migrations/1764210000000-settings';
import { Statistics1764220000000 } from './migrations/1764220000000-statistics';
import { RateBuckets1764500000000 } from './migrations/1764500000000-rate-buckets';
import { TagsByTask1764600000000 } from './migrations/1764600000000-tags-by-task';
import { TagsInOrder1764700000000 } from './migrations/1764700000000-tags-in-order';
import { KeysAndAudit1764200000000 } from './migrations/1764200000000-keys-and-audit';
import { DependenciesAndKeys1764300000000 } from './migrations/1764300000000-dependencies-and-keys';
import { Schedules1764350000000 } from './migrations/1764350000000-schedules';
import { Archive1764400000000 } from './migrations/1764400000000-archive';
import { postgresDriver } from './postgres/postgres-driver';
import { entitiesFor } from './schema/entities';
import { cipherDriver } from './sqlite/encryption/cipher-driver';
import { unlock, unlockFurther } from './sqlite/encryption/unlock';
import { BUSY_TIMEOUT_MS, prepareReader, prepareWriter } from './sqlite/sqlite-connection';

/** How to reach the database. */
export interface DataSourceSettings {
  readonly url: DatabaseUrl;
  /** Of an encrypted SQLite file; null or absent for plain text. */
  readonly encryptionKey?: string | null;
  /** Connections to PostgreSQL at most; SQLite has one that writes and one that reads. */
  readonly maxConnections: number;
  /** Connections that are kept, used or not. Default 0. */
  readonly minConnections?: number;
  /** How long a connection beyond these is kept without use, ms. Default five minutes. */
  readonly idleMs?: number;
  /** How long to wait for a connection, a lock or a statement, ms. */
  readonly timeoutMs: number;
  /** The same for a lock or a statement alone; null waits for as long as it takes. */
  readonly statementMs?: number | null;
}

const MIGRATIONS = [
  Initial1764000000000,
  IdempotencyAndWorkers1764100000000,
  KeysAndAudit1764200000000,
  Settings1764210000000,
  Statistics1764220000000,
  DependenciesAndKeys1764300000000,
  Schedules1764350000000,
  Archive1764400000000,
  RateBuckets1764500000000,
  TagsByTask1764600000000,
  TagsInOrder1764700000000,
];
type ParserOf = (oid: number, format?: 'text' | 'binary') => unknown;

/** Names of all migrations that this release knows, oldest first. */
export const MIGRATION_NAMES: readonly string[] = MIGRATIONS.map((Migration) => new Migration().name);

const INT8_OID = 20;
const IDLE_MS = 300_000;
const KEEP_ALIVE_MS = 10_000;
/** A server that is there breaks a statement off itself, and says so. */
const ANSWER_MS = 1_000;

/** The data source that writes; not connected yet. */
export function createDataSource(settings: DataSourceSettings): DataSource {
  return new DataSource(optionsFor(settings));
}

/** A second connection to a SQLite file that this process has open, which can only read. */
export function createReadOnlyDataSource(path: string, encryptionKey: string | null = null): DataSource {
  return new DataSource({
    type: 'better-sqlite3',
    database: path,
    readonly: true,
    timeout: BUSY_TIMEOUT_MS,
    ...connecting(encryptionKey, unlockFurther, prepareReader),
  });
}

function optionsFor({
  url,
  maxConnections,
  minConnections = 0,
  idleMs = IDLE_MS,
  timeoutMs,
  statementMs = timeoutMs,
  encryptionKey = null,
}: DataSourceSettings): DataSourceOptions {
  const migrations = { migrations: MIGRATIONS, migrationsTableName: 'migrations' };
  if (url.kind === 'sqlite') {
    return {
      type: 'better-sqlite3',
      database: url.path,
      timeout: BUSY_TIMEOUT_MS,
      ...connecting(encryptionKey, unlock, prepareWriter),
      entities: [...entitiesFor('sqlite')],
      ...migrations,
    };
  }
  return {
    type: 'postgres',
    url: url.url,
    applicationName: 'task-orchestrator',
    driver: postgresDriver(),
    poolSize: maxConnections,
    connectTimeoutMS: timeoutMs,
    entities: [...entitiesFor('postgres')],
    ...migrations,
    extra: {
      min: Math.min(minConnections, maxConnections),
      idleTimeoutMillis: idleMs,
      ...timeOuts(statementMs),
      options: PLANNING,
      idle_in_transaction_session_timeout: timeoutMs,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      types: { getTypeParser: numbersForBigints(loadLater('pg') as typeof import('pg')) },
    },
  };
}

/**
 * How the server plans what this service asks, unless the URL has `options` of its own: no disk of today needs four times
 * as long for a page that it was not about to read, which would make a walk along the wrong index look cheap; and no
 * statement here runs long enough to be worth compiling.
 */
const PLANNING = '-c random_page_cost=1.1 -c jit=off';

/** What the server breaks off, and when nobody waits for the server any more: it may stand still, or be gone. */
function timeOuts(statementMs: number | null): object {
  if (statementMs === null) return {};
  return {
    statement_timeout: statementMs,
    lock_timeout: statementMs,
    query_timeout: statementMs + ANSWER_MS,
  };
}

/** The driver that a file needs, and what it does before anything else: with the key, nothing comes before the key. */
function connecting(
  key: string | null,
  open: (db: Sqlite.Database, key: string | null) => void,
  prepareConnection: (db: Sqlite.Database) => void,
): Pick<Extract<DataSourceOptions, { type: 'better-sqlite3' }>, 'driver' | 'prepareDatabase'> {
  return {
    ...(key !== null && { driver: cipherDriver() }),
    prepareDatabase: (db: Sqlite.Database) => {
      open(db, key);
      prepareConnection(db);
    },
  };
}

/** Sequence numbers, event ids and epoch ms stay far below 2^53: as numbers they are exact and the same everywhere. */
function numbersForBigints({ types }: typeof import('pg')): ParserOf {
  const parserOf = types.getTypeParser as ParserOf;
  return (oid, format) => (oid === INT8_OID ? Number : parserOf(oid, format));
}
