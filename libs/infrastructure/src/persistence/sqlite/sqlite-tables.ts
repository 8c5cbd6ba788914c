import { setTimeout } from 'node:timers/promises';
import type Sqlite from 'better-sqlite3';
import type { ClaimFilter, Clock } from '@task/application';
import type { DependencyPolicy, EpochMs, TaskState } from '@task/domain';
import { ArchiveTables } from '../archive/archive-tables';
import type { KeptOutcome, SqlValue } from '../commands';
import { DUE_SCHEDULES, type ScheduleRow } from '../schedule-row';
import { FORGET_BLOCKS } from '../line-statements';
import type { Place, StoredTask } from '../stored-task';
import type { StoredKey, Tables, WriteSet } from '../tables';
import { taskFrom } from '../task.mapper';
import { TASK_COLUMNS, TASK_TABLES, type TaskRow } from '../task-row';
import { ALL_GROUPS } from '../roll-ups';
import { SqliteClaims } from './sqlite-claims';
import { SqliteDependencies } from './sqlite-dependencies';
import { SqliteKeys } from './sqlite-keys';
import type { SqliteFile } from './sqlite-file';
import { SqliteNames } from './sqlite-names';
import { sqliteFault } from './sqlite-faults';
import { SqliteRollUps } from './sqlite-roll-ups';
import { SqliteOutcomes } from './sqlite-outcomes';
import { SqliteWorkers } from './sqlite-workers';
import { SqliteWriter } from './sqlite-writer';
import { blobOf, uuidOf } from './uuid-blob';
import { prepare, PreparedStatements } from './prepare';

/** Another process may lock the file for a moment, a backup for one: it is waited for without stopping the event loop. */
const BEGIN_ATTEMPTS = 8;
const PAUSE_MS = 40;

type SqliteTaskRow = Omit<TaskRow, 'id'> & { readonly id: Buffer };

/** The statements of a group of commands on SQLite. Each is prepared once and runs to its end without a pause. */
export class SqliteTables implements Tables {
  readonly archive = new ArchiveTables((...asked) => this.query(...asked), 'sqlite');
  private readonly byId: Sqlite.Statement<[Buffer], SqliteTaskRow>;
  private readonly bySeq: Sqlite.Statement<[number], SqliteTaskRow>;
  private readonly countWaiting: Sqlite.Statement<[number], { waiting: number | null }>;
  private readonly selectDue: Sqlite.Statement<[number, number], { seq: number }>;
  private readonly nextSeq: Sqlite.Statement<[number], { value: number }>;
  private readonly selectOverdue: Sqlite.Statement<
    [number, number, number, number, number, number, number],
    { seq: number }
  >;
  private readonly shifts: readonly Sqlite.Statement<[ClockJump]>[];
  private readonly outcomes: SqliteOutcomes;
  private readonly others: PreparedStatements;
  private readonly workers: SqliteWorkers;
  private readonly names: SqliteNames;
  private readonly keys: SqliteKeys;
  private readonly dependencies: SqliteDependencies;
  private readonly claims: SqliteClaims;
  private readonly writer: SqliteWriter;
  private readonly rollUps: SqliteRollUps;
  private readonly proof: Sqlite.Statement<[]>;
  /** Whether the last transaction was taken back: then the next one writes in any case, and shows whether that works. */
  private hasFailed = false;
  private readonly control: Readonly<Record<'begin' | 'commit' | 'rollback', Sqlite.Statement<[]>>>;

  constructor(
    private readonly db: Sqlite.Database,
    private readonly clock: Clock,
    private readonly file: SqliteFile,
  ) {
    const select = `SELECT t.id, ${TASK_COLUMNS} FROM ${TASK_TABLES}`;
    this.byId = prepare(db, `${select} WHERE t.id = ?`);
    this.bySeq = prepare(db, `${select} WHERE t.seq = ?`);
    this.countWaiting = prepare(
      db,
      `SELECT sum(tasks) AS waiting FROM task_counts WHERE group_id = ${ALL_GROUPS} AND status = ?`,
    );
    this.selectDue = prepare(
      db,
      `SELECT seq FROM tasks INDEXED BY tasks_scheduled WHERE status = 0 AND gate = 1 AND available_at <= ?
       ORDER BY available_at LIMIT ?`,
    );
    this.nextSeq = prepare(
      db,
      `UPDATE counters SET value = value + ? WHERE name = 'task_seq' RETURNING value`,
    );
    this.selectOverdue = prepare(db, OVERDUE);
    this.shifts = [SHIFT_EXPIRIES, SHIFT_SLOTS, SHIFT_TIMEOUTS].map((sql) => prepare(db, sql));
    this.outcomes = new SqliteOutcomes(db);
    this.others = new PreparedStatements(db);
    this.workers = new SqliteWorkers(db);
    this.names = new SqliteNames(db);
    this.keys = new SqliteKeys(db);
    this.dependencies = new SqliteDependencies(db);
    this.claims = new SqliteClaims(db);
    this.writer = new SqliteWriter(db, this.names);
    this.rollUps = new SqliteRollUps(db);
    this.proof = prepare(db, `UPDATE counters SET value = value WHERE name = 'event'`);
    this.control = {
      begin: prepare(db, 'BEGIN IMMEDIATE'),
      commit: prepare(db, 'COMMIT'),
      rollback: prepare(db, 'ROLLBACK'),
    };
  }

  async begin(): Promise<void> {
    this.file.requireInPlace();
    // One that could not be taken back before must not stand in the way of all others.
    if (this.db.inTransaction) this.control.rollback.run();
    for (let attempt = 1; ; attempt += 1) {
      try {
        this.control.begin.run();
        return;
      } catch (error) {
        if (attempt === BEGIN_ATTEMPTS || sqliteFault(error)?.fault !== 'overloaded') throw error;
      }
      await setTimeout(PAUSE_MS * (0.5 + Math.random()));
    }
  }

  async commit(): Promise<void> {
    if (this.hasFailed) this.proof.run();
    this.control.commit.run();
    this.hasFailed = false;
    this.names.keep();
    this.keys.keep();
  }

  async rollback(): Promise<void> {
    this.hasFailed = true;
    this.names.forget();
    this.keys.forget();
    // A full disk or an I/O error ends the transaction by itself.
    if (this.db.inTransaction) this.control.rollback.run();
  }

  /** One process owns a file: there is nobody to be told. */
  announce(): void {
    return undefined;
  }

  readonly isShared = false;
  isRepeatable(): boolean {
    return false;
  }

  async now(): Promise<EpochMs> {
    return this.clock.now();
  }

  async waiting(): Promise<number> {
    return this.countWaiting.get(0)?.waiting ?? 0;
  }

  dueSchedules(now: EpochMs, limit: number): Promise<readonly ScheduleRow[]> {
    return this.query<ScheduleRow>('due-schedules', DUE_SCHEDULES, [now, limit]);
  }

  async loadByIds(ids: readonly string[]): Promise<readonly StoredTask[]> {
    return ids.flatMap((id) => storedFrom(this.byId.get(blobOf(id))));
  }

  async loadBySeqs(seqs: readonly number[]): Promise<readonly StoredTask[]> {
    return seqs.flatMap((seq) => storedFrom(this.bySeq.get(seq)));
  }

  async claimable(
    filter: ClaimFilter,
    limit: number,
    taken: ReadonlySet<number>,
  ): Promise<readonly number[]> {
    return this.claims.pick(filter, limit, taken);
  }

  async due(now: EpochMs, limit: number): Promise<readonly number[]> {
    return this.selectDue.all(now, limit).map(({ seq }) => seq);
  }

  async admit(states: readonly TaskState[]): Promise<readonly Place[]> {
    const last = this.nextSeq.get(states.length)?.value ?? 0;
    const first = last - states.length + 1;
    return states.map((state, index) => ({
      seq: first + index,
      groupId: this.names.groupOf(state),
      keyId: state.concurrencyKey === null ? null : this.keys.idOf(state.concurrencyKey),
    }));
  }

  async overdue(now: EpochMs, limit: number): Promise<readonly number[]> {
    const rows = this.selectOverdue.all(now, limit, now, limit, now, limit, limit);
    return rows.map(({ seq }) => seq);
  }

  async ended(limit: number): Promise<readonly number[]> {
    return this.dependencies.ended(limit);
  }

  async dependents(
    onSeq: number,
    policies: readonly DependencyPolicy[],
    limit: number,
  ): Promise<readonly number[]> {
    return this.dependencies.dependents(onSeq, policies, limit);
  }

  async keyLoads(ids: readonly number[]): Promise<readonly StoredKey[]> {
    return this.keys.loads(ids);
  }

  async heldOf(keyId: number, limit: number): Promise<readonly number[]> {
    return this.keys.heldOf(keyId, limit);
  }

  async readyOf(keyId: number, limit: number): Promise<readonly number[]> {
    return this.keys.readyOf(keyId, limit);
  }

  async limitKey(name: string, limit: number): Promise<number> {
    return this.keys.limit(name, limit);
  }

  async strandedKeys(limit: number): Promise<readonly number[]> {
    return this.keys.strandedOf(limit);
  }

  forgetBlocks = (): Promise<unknown> => this.query('forget-blocks', FORGET_BLOCKS, []);
  async recall(keys: readonly string[], now: EpochMs): Promise<readonly KeptOutcome[]> {
    return this.outcomes.recall(keys, now);
  }

  async shiftLeases(byMs: number, now: EpochMs, withinMs: number): Promise<void> {
    for (const statement of this.shifts) statement.run({ byMs, now, withinMs });
  }

  async keep(outcomes: readonly KeptOutcome[]): Promise<void> {
    this.outcomes.keep(outcomes);
  }

  async query<Row extends object>(
    _name: string,
    sql: string,
    values: readonly SqlValue[],
  ): Promise<readonly Row[]> {
    const statement = this.others.of<Row>(sql);
    if (statement.reader) return statement.all(...values);
    statement.run(...values);
    return [];
  }

  async forgetOutcomes(now: EpochMs, limit: number): Promise<number> {
    return this.outcomes.forget(now, limit);
  }

  async write({ changes, transitions, outcomes, rollUps, dependencies }: WriteSet): Promise<number | null> {
    for (const change of changes) this.writer.write(change);
    this.dependencies.write(dependencies);
    const lastEventId = this.writer.log(transitions);
    this.outcomes.keep(outcomes);
    this.rollUps.fold(rollUps);
    this.workers.note(rollUps.workers);
    this.keys.add(rollUps.keys);
    return lastEventId;
  }
}

/** Of leases whose own end came first, those whose task's time-out did and those that keep a slot, the earliest. */
const OVERDUE = `SELECT seq FROM (
    SELECT * FROM (SELECT seq, expires_at AS due FROM leases WHERE ended_by IS NULL AND expires_at <= ?
      ORDER BY expires_at LIMIT ?)
    UNION
    SELECT * FROM (SELECT seq, timeout_at AS due FROM leases WHERE ended_by IS NULL AND timeout_at IS NOT NULL
      AND timeout_at <= ? ORDER BY timeout_at LIMIT ?)
    UNION
    SELECT * FROM (SELECT seq, slot_until AS due FROM leases WHERE slot_until IS NOT NULL AND slot_until <= ?
      ORDER BY slot_until LIMIT ?)
  ) GROUP BY seq ORDER BY min(due) LIMIT ?`;

/** A clock that was set: how far, the time after it, and how long ago it was at most. */
interface ClockJump {
  readonly byMs: number;
  readonly now: EpochMs;
  readonly withinMs: number;
}

/** What began before the clock was set, at the time that this expression says. */
const begunBefore = (begunAt: string): string => `CASE WHEN @byMs > 0 THEN ${begunAt} <= @now - @byMs
  ELSE ${begunAt} > @now OR ${begunAt} < @now - @withinMs END`;
const SHIFT_EXPIRIES = `UPDATE leases SET expires_at = expires_at + @byMs
  WHERE ended_by IS NULL AND ${begunBefore('(expires_at - length_ms)')}`;
const SHIFT_SLOTS = `UPDATE leases SET slot_until = slot_until + @byMs
  WHERE slot_until IS NOT NULL AND ${begunBefore('(slot_until - length_ms)')}`;
const SHIFT_TIMEOUTS = `UPDATE leases SET timeout_at = timeout_at + @byMs FROM tasks t
  WHERE t.seq = leases.seq AND ended_by IS NULL AND timeout_at IS NOT NULL
  AND ${begunBefore('(timeout_at - t.timeout_seconds * 1000)')}`;

function storedFrom(row: SqliteTaskRow | undefined): readonly StoredTask[] {
  if (row === undefined) return [];
  return [
    {
      seq: row.seq,
      groupId: row.group_id,
      keyId: row.key_id,
      task: taskFrom({ ...row, id: uuidOf(row.id) }),
    },
  ];
}
