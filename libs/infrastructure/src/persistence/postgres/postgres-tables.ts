import type { ClaimFilter, Commit } from '@task/application';
import type { DependencyPolicy, EpochMs, TaskState } from '@task/domain';
import type { DataSource } from 'typeorm';
import { ArchiveTables } from '../archive/archive-tables';
import type { KeptOutcome, SqlValue } from '../commands';
import { DUE_SCHEDULES, type ScheduleRow } from '../schedule-row';
import type { WorkerDelta } from '../roll-up-rows';
import { FORGET_BLOCKS } from '../line-statements';
import type { Place, StoredTask } from '../stored-task';
import type { StoredKey, Tables, WriteSet } from '../tables';
import { taskFrom } from '../task.mapper';
import { TASK_COLUMNS, TASK_TABLES, type TaskRow } from '../task-row';
import type { Topic } from './instances/bulletin';
import type { Instances } from './instances/instances';
import { numbered } from './numbered';
import { PostgresClaims } from './postgres-claims';
import { PostgresConnection } from './postgres-connection';
import { PostgresDependencies } from './postgres-dependencies';
import { isRepeatable } from './postgres-faults';
import { PostgresKeys } from './postgres-keys';
import { PostgresNames } from './postgres-names';
import { PostgresOutcomes } from './postgres-outcomes';
import { PostgresRollUps } from './postgres-roll-ups';
import { PostgresWriter } from './postgres-writer';

/** The statements of a group of commands on PostgreSQL: a handful, and a few for each concurrency key that it touches. */
export class PostgresTables implements Tables {
  readonly archive = new ArchiveTables((...asked) => this.query(...asked), 'postgres');
  private readonly connection: PostgresConnection;
  private readonly names: PostgresNames;
  private readonly keys: PostgresKeys;
  private readonly dependencies: PostgresDependencies;
  private readonly outcomes: PostgresOutcomes;
  private readonly claims: PostgresClaims;
  private readonly writer: PostgresWriter;
  private readonly rollUps: PostgresRollUps;

  /** Signs of life, which are written last of all. */
  private workers: readonly WorkerDelta[] = [];
  /** What the transaction changes beside tasks. */
  private readonly topics = new Set<Topic>();
  /** A transaction was taken back: what it had locked was passed over by others, and is free again. */
  private hasFailed = false;

  constructor(
    source: DataSource,
    private readonly instances: Pick<Instances, 'bulletin'>,
  ) {
    this.connection = new PostgresConnection(source);
    this.names = new PostgresNames(this.connection);
    this.keys = new PostgresKeys(this.connection);
    this.dependencies = new PostgresDependencies(this.connection);
    this.outcomes = new PostgresOutcomes(this.connection);
    this.claims = new PostgresClaims(this.connection);
    this.writer = new PostgresWriter(this.connection, this.names);
    this.rollUps = new PostgresRollUps(this.connection);
  }

  begin(): Promise<void> {
    return this.connection.begin();
  }

  async commit(commit: Commit): Promise<void> {
    const news = this.hasFailed ? { ...commit, isGap: true } : commit;
    await this.rollUps.addWorkers(this.workers);
    await this.connection.commit(this.instances.bulletin(news, [...this.topics]));
    this.hasFailed = false;
    this.workers = [];
    this.topics.clear();
    this.names.keep();
    this.keys.keep();
  }

  async rollback(): Promise<void> {
    this.hasFailed = true;
    this.workers = [];
    this.topics.clear();
    this.names.forget();
    this.keys.forget();
    await this.connection.rollback();
  }

  announce(topic: Topic): void {
    this.topics.add(topic);
  }

  readonly isShared = true;

  isRepeatable(error: unknown): boolean {
    return isRepeatable(error);
  }

  async now(): Promise<EpochMs> {
    return this.figure('now', 'SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::bigint AS figure');
  }

  async waiting(): Promise<number> {
    const sql = 'SELECT sum(tasks)::bigint AS figure FROM task_counts WHERE group_id = 0 AND status = 0';
    return this.figure('waiting', sql);
  }

  dueSchedules(now: EpochMs, limit: number): Promise<readonly ScheduleRow[]> {
    const sql = `${DUE_SCHEDULES} FOR UPDATE SKIP LOCKED`;
    return this.query<ScheduleRow>('due-schedules', sql, [now, limit]);
  }

  async loadByIds(ids: readonly string[]): Promise<readonly StoredTask[]> {
    // Locked by itself first: a lock that had to be waited for would leave the joined rows as they were before it.
    const sql = 'SELECT seq FROM tasks WHERE id = ANY($1::uuid[]) ORDER BY seq FOR UPDATE';
    const { rows } = await this.connection.query<{ seq: number }>('lock-ids', sql, [ids]);
    return this.loadBySeqs(rows.map(({ seq }) => seq));
  }

  async loadBySeqs(seqs: readonly number[]): Promise<readonly StoredTask[]> {
    if (seqs.length === 0) return [];
    const sql = `SELECT t.id, ${TASK_COLUMNS} FROM ${TASK_TABLES} WHERE t.seq = ANY($1::bigint[])`;
    const { rows } = await this.connection.query<TaskRow>('load-seqs', sql, [seqs]);
    return rows.map((row) => ({
      seq: row.seq,
      groupId: row.group_id,
      keyId: row.key_id,
      task: taskFrom(row),
    }));
  }

  claimable(filter: ClaimFilter, limit: number, taken: ReadonlySet<number>): Promise<readonly number[]> {
    return this.claims.pick(filter, limit, taken);
  }

  async due(now: EpochMs, limit: number): Promise<readonly number[]> {
    const sql = `SELECT seq FROM tasks WHERE status = 0 AND gate = 1 AND available_at <= $1
      ORDER BY available_at LIMIT $2 FOR UPDATE SKIP LOCKED`;
    const { rows } = await this.connection.query<{ seq: number }>('due', sql, [now, limit]);
    return rows.map(({ seq }) => seq);
  }

  async admit(states: readonly TaskState[]): Promise<readonly Place[]> {
    const groups = await this.names.groupsOf(states);
    const keys = states.map(({ concurrencyKey }) => concurrencyKey);
    const keyIdOf = await this.keys.idsOf(new Set(keys.filter((key) => key !== null)));
    const sql = `SELECT nextval('task_seq')::bigint AS seq FROM generate_series(1, $1)`;
    const { rows } = await this.connection.query<{ seq: number }>('next-seqs', sql, [states.length]);
    return rows.map(({ seq }, index) => {
      const key = keys[index] ?? null;
      return { seq, groupId: groups[index] ?? 0, keyId: key === null ? null : keyIdOf(key) };
    });
  }

  async overdue(now: EpochMs, limit: number): Promise<readonly number[]> {
    const leases = await this.connection.query<{ seq: number }>('overdue', OVERDUE, [now, limit]);
    const sql =
      'SELECT seq FROM tasks WHERE seq = ANY($1::bigint[]) AND status IN (1, 4) FOR UPDATE SKIP LOCKED';
    const { rows } = await this.connection.query<{ seq: number }>('lock-overdue', sql, [
      leases.rows.map(({ seq }) => seq),
    ]);
    return rows.map(({ seq }) => seq);
  }

  ended(limit: number): Promise<readonly number[]> {
    return this.dependencies.ended(limit);
  }

  dependents(
    onSeq: number,
    policies: readonly DependencyPolicy[],
    limit: number,
  ): Promise<readonly number[]> {
    return this.dependencies.dependents(onSeq, policies, limit);
  }

  keyLoads(ids: readonly number[]): Promise<readonly StoredKey[]> {
    return this.keys.loads(ids);
  }

  heldOf(keyId: number, limit: number): Promise<readonly number[]> {
    return this.keys.heldOf(keyId, limit);
  }

  readyOf(keyId: number, limit: number): Promise<readonly number[]> {
    return this.keys.readyOf(keyId, limit);
  }

  /** Waits for its turn first, as everybody does who moves the tasks of a key. */
  async limitKey(name: string, limit: number): Promise<number> {
    await this.writer.lockLog();
    return this.keys.limit(name, limit);
  }

  async strandedKeys(limit: number): Promise<readonly number[]> {
    const ids = await this.keys.strandedOf(limit);
    if (ids.length > 0) await this.writer.lockLog();
    return ids;
  }

  async forgetBlocks(): Promise<void> {
    await this.writer.lockLog();
    await this.query('forget-blocks', FORGET_BLOCKS, []);
  }

  recall(keys: readonly string[], now: EpochMs): Promise<readonly KeptOutcome[]> {
    return this.outcomes.recall(keys, now);
  }

  /** The database's clock counts, for all instances alike: there is nothing to move. */
  async shiftLeases(): Promise<void> {
    await Promise.resolve();
  }

  keep(outcomes: readonly KeptOutcome[]): Promise<void> {
    return this.outcomes.keep(outcomes);
  }

  async query<Row extends object>(
    name: string,
    sql: string,
    values: readonly SqlValue[],
  ): Promise<readonly Row[]> {
    return (await this.connection.query<Row>(name, numbered(sql), values)).rows;
  }

  forgetOutcomes(now: EpochMs, limit: number): Promise<number> {
    return this.outcomes.forget(now, limit);
  }

  async write({ changes, transitions, outcomes, rollUps, dependencies }: WriteSet): Promise<number | null> {
    await this.writer.write(changes);
    await this.outcomes.keep(outcomes);
    await this.dependencies.write(dependencies);
    const { workers, ...counters } = rollUps;
    const lastEventId = await this.writer.log(transitions);
    // A promotion has no event, and yet counts.
    const counts = Object.values(counters).some((rows) => rows.length > 0);
    if (lastEventId === null && counts) await this.writer.lockLog();
    await this.rollUps.fold(counters);
    await this.keys.add(rollUps.keys);
    this.workers = [...this.workers, ...workers];
    return lastEventId;
  }

  /** Gives the connection back. */
  release(): Promise<void> {
    return this.connection.release();
  }

  private async figure(name: string, sql: string): Promise<number> {
    const { rows } = await this.connection.query<{ figure: number | null }>(name, sql, []);
    return rows[0]?.figure ?? 0;
  }
}

/** Of leases whose own end came first, those whose task's time-out did and those that keep a slot, the earliest. */
const OVERDUE = `SELECT seq FROM (
    (SELECT seq, expires_at AS due FROM leases WHERE ended_by IS NULL AND expires_at <= $1
      ORDER BY expires_at LIMIT $2)
    UNION
    (SELECT seq, timeout_at AS due FROM leases WHERE ended_by IS NULL AND timeout_at IS NOT NULL
      AND timeout_at <= $1 ORDER BY timeout_at LIMIT $2)
    UNION
    (SELECT seq, slot_until AS due FROM leases WHERE slot_until IS NOT NULL AND slot_until <= $1
      ORDER BY slot_until LIMIT $2)
  ) AS ended GROUP BY seq ORDER BY min(due) LIMIT $2`;
