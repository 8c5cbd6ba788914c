import type {
  Archive,
  AuditLog,
  Clock,
  CommitFeed,
  ConcurrencyKeys,
  EventLog,
  KeyStore,
  ScheduleStore,
  SettingsStore,
  SharedLevels,
  Statistics,
  TaskStore,
  WorkerDirectory,
} from '@task/application';
import type { DataSource } from 'typeorm';
import type { DatabaseUrl } from '../config/database-url';
import { loadLater } from '../system/load-later';
import { SystemClock } from '../system/system-clock';
import { TypeOrmArchive } from './archive/typeorm-archive';
import { Commits } from './commits';
import { createDataSource } from './data-source';
import { DependencyReader } from './dependency-reader';
import { GroupExecutor } from './group-executor';
import { GuardedEventLog } from './guarded-event-log';
import { KeySnapshots } from './key-snapshots';
import { Lane } from './lane';
import type { Instances } from './postgres/instances/instances';
import type { PoolFigures } from './postgres/pool/watched-pool';
import { SqlQuestions } from './sql-questions';
import { openSqlite } from './sqlite/open-sqlite';
import type { StoreParts } from './store-parts';
import { TypeOrmConcurrencyKeys } from './typeorm-concurrency-keys';
import { TypeOrmScheduleStore } from './typeorm-schedule-store';
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
  /** Connections to PostgreSQL that are kept, used or not. Default 0. */
  readonly minConnections?: number;
  /** How long a connection beyond these is kept without use, ms. Default five minutes. */
  readonly idleMs?: number;
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
  readonly schedules: ScheduleStore;
  /** How its writes go on. */
  readonly lane: Pick<Lane, 'pulse' | 'waiting'>;
  /** Commits of all instances. */
  readonly commits: CommitFeed;
  /** The other instances on the same database; null where there can be none. */
  readonly instances: Pick<Instances, 'isListening' | 'count'> | null;
  /** Buckets that instances on the same database draw from; null where there can be none. */
  readonly levels: SharedLevels | null;
  /** The connections to a database that has many; null for one that has none. */
  readonly pool: PoolFigures | null;
  /** Takes no more writes, finishes those that wait, and lets go of the database. */
  close(): Promise<void>;
}

const MAX_QUEUED = 20_000;
const MAX_GROUP = 256;
/** More than the largest request and a group of holders' writes, so that neither waits for the other to cease. */
const MAX_GROUP_TASKS = 2_000;

/** Opens the database. Its migrations must have run. */
export async function openStore(options: StoreOptions): Promise<OpenStore> {
  const clock = options.clock ?? new SystemClock();
  const source = await createDataSource(options).initialize();
  const commits = new Commits();
  const { tables, reader, events, faultOf, close, readable, instances, levels, pool } =
    options.url.kind === 'sqlite'
      ? await openSqlite(source, options.url.path, options.encryptionKey ?? null, clock)
      : await postgresParts(source, options.url.url, commits);
  const limits = {
    maxQueued: MAX_QUEUED,
    maxGroup: MAX_GROUP,
    maxTasks: MAX_GROUP_TASKS,
    timeoutMs: options.commandTimeoutMs,
  };
  const lane = new Lane(new GroupExecutor(tables, commits.publish), faultOf, limits);
  const questions = new SqlQuestions(readable, faultOf);
  const snapshots = new KeySnapshots(readable, faultOf, instances);
  return {
    tasks: new TypeOrmTaskStore(lane, reader, new DependencyReader(questions), faultOf),
    schedules: new TypeOrmScheduleStore(lane, questions),
    concurrencyKeys: new TypeOrmConcurrencyKeys(lane, questions),
    keys: new TypeOrmKeyStore(lane, snapshots, readable, faultOf),
    audit: new TypeOrmAuditLog(lane, readable, faultOf),
    archive: new TypeOrmArchive(lane),
    settings: new TypeOrmSettingsStore(source, clock, faultOf, instances),
    events: new GuardedEventLog(events, faultOf),
    workers: new TypeOrmWorkerDirectory(readable, lane, faultOf),
    lane,
    commits,
    instances,
    levels,
    pool,
    statistics: new TypeOrmStatistics(readable, clock, faultOf),
    close: async () => {
      await lane.close();
      await instances?.close();
      await levels?.close();
      await snapshots.close();
      await close();
      await source.destroy();
    },
  };
}

/** Everything of PostgreSQL, its driver above all, is loaded by those who use it. */
function postgresParts(source: DataSource, url: string, commits: Commits): Promise<StoreParts> {
  const file = '../persistence/postgres/open-postgres';
  const { openPostgres } = loadLater(file) as typeof import('./postgres/open-postgres');
  return openPostgres(source, url, commits);
}
