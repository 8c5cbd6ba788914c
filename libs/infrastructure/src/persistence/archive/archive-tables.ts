import type { EpochMs, Task } from '@task/domain';
import type { Upkeep } from '../commands';
import type { Dialect } from '../schema/dialect';
import { uuidOf } from '../sqlite/uuid-blob';
import { TASK_COLUMNS, TASK_TABLES, type TaskRow } from '../task-row';
import { taskFrom } from '../task.mapper';
import { ARCHIVE_WORDS } from './archive-words';

/** A row of the event log, as far as archiving looks at it. */
export interface LoggedEnd {
  readonly event_id: number;
  readonly seq: number;
  readonly at: EpochMs;
  /** A code of the status after it. */
  readonly to_status: number;
}

/** A task that may be archived, and what it would cost to move it. */
export interface Candidate {
  readonly seq: number;
  readonly status: number;
  readonly updated_at: EpochMs;
  /** Of its history, a row for each version. */
  readonly version: number;
  readonly bytes: number;
}

/** An archived task, and its place in the order of arrival. */
export interface ArchivedTask {
  readonly seq: number;
  readonly task: Task;
}

type ArchivedRow = Omit<TaskRow, 'id'> & { readonly id: Buffer | string };

/** What is kept of a whole task, under the names that `TaskRow` knows. */
const KEPT = TASK_COLUMNS.split(',').map((column) => column.trim().replace(/^\w\./, ''));
const HISTORY = 'event_id, seq, version, command, from_status, to_status, attempt, worker_id, at, details';
/** What an archived task did not live to be told: it is told nothing more. 0 is open, 1 settled. */
const NEVER_SETTLED = 2;
/** Others wait for the task still, or have to be told how it ended. */
const IS_NEEDED = `(EXISTS (SELECT 1 FROM task_dependencies d WHERE d.on_seq = t.seq AND d.settled = 0)
  OR EXISTS (SELECT 1 FROM ended_dependencies e WHERE e.seq = t.seq))`;
/** In the order in which nothing is left without what it belongs to. */
const EMPTIED = ['task_history', 'task_tags', 'leases', 'task_bodies', 'tasks'];

/** The columns of an archived task; reads need no other table. */
export const ARCHIVED_COLUMNS = `id, ${KEPT.join(', ')}`;

/** The task that an archived row tells of. */
export function archivedTaskFrom({ id, ...row }: ArchivedRow): Task {
  return taskFrom({ ...row, id: typeof id === 'string' ? id : uuidOf(id) });
}

/** The statements of archiving, within the transaction of a group of commands. */
export class ArchiveTables {
  constructor(
    private readonly query: Upkeep['query'],
    private readonly dialect: Dialect,
  ) {}

  /** Archived tasks. @param ids UUIDs in lower case; those that name none are left out */
  async find(ids: readonly string[]): Promise<readonly ArchivedTask[]> {
    const { isListedId, list } = ARCHIVE_WORDS[this.dialect];
    const sql = `SELECT ${ARCHIVED_COLUMNS} FROM archived_tasks WHERE id ${isListedId}`;
    const rows = await this.query<ArchivedRow>('find-archived', sql, [list(ids)]);
    return rows.map((row) => ({ seq: row.seq, task: archivedTaskFrom(row) }));
  }

  /** The event log behind a place, in its order. */
  log(after: number, limit: number): Promise<readonly LoggedEnd[]> {
    const sql = `SELECT event_id, seq, at, to_status FROM task_history WHERE event_id > ?
      ORDER BY event_id LIMIT ?`;
    return this.query('log-of-ends', sql, [after, limit]);
  }

  /** Locks those of these tasks that nobody else has locked and that nothing needs among the others. */
  candidates(seqs: readonly number[]): Promise<readonly Candidate[]> {
    const { isListed, list, bytes, locked } = ARCHIVE_WORDS[this.dialect];
    const size = ['b.prompt', 'b.payload', 'b.result'].map(bytes).join(' + ');
    const sql = `SELECT t.seq, t.status, t.updated_at, t.version, ${size} AS bytes
      FROM tasks t JOIN task_bodies b ON b.seq = t.seq 
      LEFT JOIN leases l ON l.seq = t.seq
      WHERE t.seq ${isListed} AND l.slot_until IS NULL AND NOT ${IS_NEEDED} ORDER BY t.seq ${locked}`;
    return this.query('archive-candidates', sql, [list(seqs)]);
  }

  /** Moves tasks that are locked, with everything that belongs to them, and tells the counters. */
  async move(seqs: readonly number[], now: EpochMs): Promise<void> {
    const { isListed, list } = ARCHIVE_WORDS[this.dialect];
    const these = list(seqs);
    const run = (name: string, sql: string, ...values: (string | number)[]): Promise<readonly object[]> =>
      this.query(`archive-${name}`, sql, values);
    await run(
      'tasks',
      `INSERT INTO archived_tasks (id, archived_at, ${KEPT.join(', ')})
       SELECT t.id, CAST(? AS bigint), ${TASK_COLUMNS} FROM ${TASK_TABLES} WHERE t.seq ${isListed}`,
      ...[now, these],
    );
    await run(
      'history',
      `INSERT INTO archived_history (${HISTORY}) SELECT ${HISTORY} FROM task_history WHERE seq ${isListed}`,
      these,
    );
    for (const table of EMPTIED) {
      await run(`from-${table}`, `DELETE FROM ${table} WHERE seq ${isListed}`, these);
    }
    await run(
      'dependencies',
      `UPDATE task_dependencies SET settled = ${NEVER_SETTLED} WHERE settled = 0 AND seq ${isListed}`,
      these,
    );
    // Whoever numbers events writes counters: nobody else does while this row is locked.
    await run('lock', `UPDATE counters SET value = value WHERE name = 'event'`);
    await run('counts', countsSql(isListed), these, these);
    await run('mark', markSql(isListed), these);
  }
}

/** The counters of groups, and those of all groups together. */
function countsSql(isListed: string): string {
  const counted = (
    group: string,
  ): string => `SELECT ${group} AS of_group, status AS of_status, rank AS of_rank,
    count(*) AS moved FROM archived_tasks WHERE seq ${isListed} GROUP BY 1, 2, 3`;
  return `UPDATE task_counts SET archived = archived + moved.moved
    FROM (${counted('group_id')} UNION ALL ${counted('0')}) AS moved
    WHERE group_id = of_group AND status = of_status AND rank = of_rank`;
}

/** Up to there the log is not whole any more. */
function markSql(isListed: string): string {
  return `UPDATE counters SET value = latest.event FROM
    (SELECT max(event_id) AS event FROM archived_history WHERE seq ${isListed}) AS latest
    WHERE name = 'archived_event' AND value < latest.event`;
}
