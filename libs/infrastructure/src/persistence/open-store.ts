import type {
  Archive,
  AuditLog,
  Clock,
  CommitFeed,
  ConcurrencyKeys,
  EventLog,
  KeyStore,
  SettingsStore,
  Statistics,
  TaskStore,
  WorkerDirectory,
} from '@task/application';
import type { DataSource } from 'typeorm';
import type { DatabaseUrl } from '../config/database-url';
import { SystemClock } from '../system/system-clock';
import { TypeOrmArchive } from './archive/typeorm-archive';
import type { FaultOf } from './ask';
import { Commits } from './commits';
import { createDataSource, createReadOnlyDataSource } from './data-source';
import { DependencyReader } from './dependency-reader';
import { GroupExecutor } from './group-executor';
import { GuardedEventLog } from './guarded-event-log';
import { requireWholeData } from './moving/unfinished-move';
import { KeySnapshots } from './key-snapshots';
import { Lane } from './lane';
import { postgresFault } from './postgres/postgres-faults';
import { PostgresEventLog } from './postgres/postgres-event-log';
import { PostgresReader } from './postgres/postgres-reader';
import { PostgresTables } from './postgres/postgres-tables';
import { SqlQuestions } from './sql-questions';
import { connectionOf } from './sqlite/sqlite-connection';
import { sqliteFault } from './sqlite/sqlite-faults';
import { SqliteEventLog } from './sqlite/sqlite-event-log';
import { SqliteReader } from './sqlite/sqlite-reader';
import { SqliteTables } from './sqlite/sqlite-tables';
import type { Tables } from './tables';
import type { TaskReader } from './task-reader';
import { TypeOrmConcurrencyKeys } from './typeorm-concurrency-keys';
import { TypeOrmStatistics } from './typeorm-statistics';
import { TypeOrmAuditLog } from './typeorm-audit-log';
import { TypeOrmKeyStore } from './typeorm-key-store';
import { TypeOrmSettingsStore } from './typeorm-settings-store';
import { TypeOrmWorkerDirectory } from './typeorm-worker-directory';
import { TypeOrmTaskStore } from './typeorm-task-store';

/** Where the store is, and its bounds. */
export interface StoreOptions {
  readonly url: DatabaseUrl;
  /** Connections to PostgreSQL at most. */
  readonly maxConnections: number;
  /** Of an encrypted SQLite file; null or absent for plain text. */
  readonly encryptionKey?: string | null;
  /** How long to wait for the database, ms. */
  readonly timeoutMs: number;
  /** How long a command may wait for its turn, ms. */
  readonly commandTimeoutMs: number;
  /** The time on SQLite; PostgreSQL has its own. */
  readonly clock?: Clock;
}

/** An open store: its schema is up to date. */
export interface OpenStore {
  readonly tasks: TaskStore;
  readonly keys: KeyStore;
  readonly audit: AuditLog;
  readonly archive: Archive;
  readonly settings: SettingsStore;
  readonly events: EventLog;
  readonly workers: WorkerDirectory;
  readonly concurrencyKeys: ConcurrencyKeys;
  readonly statistics: Statistics;
  /** How its writes go on. */
  readonly lane: Pick<Lane, 'pulse' | 'waiting'>;
  /** Commits of this process. */
  readonly commits: CommitFeed;
  /** Takes no more writes, finishes those that wait, and lets go of the database. */
  close(): Promise<void>;
}

const MAX_QUEUED = 20_000;
const MAX_GROUP = 256;

/** Opens the database. Its migrations must have run. */
export async function openStore(options: StoreOptions): Promise<OpenStore> {
  const clock = options.clock ?? new SystemClock();
  const source = await createDataSource(options).initialize();
  const { tables, reader, events, faultOf, close, readable } =
    options.url.kind === 'sqlite'
      ? await sqliteParts(source, options.url.path, options.encryptionKey ?? null, clock)
      : postgresParts(source);
  const limits = { maxQueued: MAX_QUEUED, maxGroup: MAX_GROUP, timeoutMs: options.commandTimeoutMs };
  const commits = new Commits();
  const lane = new Lane(new GroupExecutor(tables, commits.publish), faultOf, limits);
  const questions = new SqlQuestions(readable, faultOf);
  const snapshots = new KeySnapshots(readable, faultOf, options.url.kind === 'postgres');
  return {
    tasks: new TypeOrmTaskStore(lane, reader, new DependencyReader(questions), faultOf),
    concurrencyKeys: new TypeOrmConcurrencyKeys(lane, questions),
    keys: new TypeOrmKeyStore(lane, snapshots, readable, faultOf),
    audit: new TypeOrmAuditLog(lane, readable, faultOf),
    archive: new TypeOrmArchive(lane),
    settings: new TypeOrmSettingsStore(source, clock, faultOf),
    events: new GuardedEventLog(events, faultOf),
    workers: new TypeOrmWorkerDirectory(readable, lane, faultOf),
    lane,
    commits,
    statistics: new TypeOrmStatistics(readable, clock, faultOf),
    close: async () => {
      await lane.close();
      await snapshots.close();
      await close();
      await source.destroy();
    },
  };
}

/** Brings the schema up to date. @returns the names of the migrations that ran, oldest first */
export async function migrateStore(options: StoreOptions): Promise<readonly string[]> {
  const source = await createDataSource(options).initialize();
  try {
    await requireWholeData(source);
    const migrations = await source.runMigrations({ transaction: 'each' });
    return migrations.map(({ name }) => name);
  } finally {
    await source.destroy();
  }
}

interface Parts {
  readonly tables: Tables;
  readonly reader: TaskReader;
  readonly events: EventLog;
  /** Where reads go that are no part of a group. */
  readonly readable: DataSource;
  readonly faultOf: FaultOf;
  readonly close: () => Promise<void>;
}

async function sqliteParts(
  source: DataSource,
  path: string,
  encryptionKey: string | null,
  clock: Clock,
): Promise<Parts> {
  const readOnly = await createReadOnlyDataSource(path, encryptionKey).initialize();
  return {
    tables: new SqliteTables(connectionOf(source), clock),
    reader: new SqliteReader(connectionOf(readOnly)),
    events: new SqliteEventLog(connectionOf(readOnly)),
    readable: readOnly,
    faultOf: sqliteFault,
    close: () => readOnly.destroy(),
  };
}

function postgresParts(source: DataSource): Parts {
  const tables = new PostgresTables(source);
  return {
    tables,
    reader: new PostgresReader(source),
    events: new PostgresEventLog(source),
    readable: source,
    faultOf: postgresFault,
    close: () => tables.release(),
  };
}
