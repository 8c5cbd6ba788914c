import type Sqlite from 'better-sqlite3';
import type { Task } from '@task/domain';
import { changesOutcome, changesTask } from '../changed-parts';
import {
  bodyValues,
  insertedTaskValues,
  leaseValues,
  taggedValues,
  type TaggedValues,
  outcomeValues,
  renewedLeaseValues,
  transitionValues,
  updatedTaskValues,
} from '../row-values';
import type { Change, LoggedTransition } from '../stored-task';
import type { SqliteNames } from './sqlite-names';
import { blobOf } from './uuid-blob';
import { prepare } from './prepare';

/** Writes tasks, their bodies, leases, tags and history. */
export class SqliteWriter {
  private readonly insertTask: Sqlite.Statement;
  private readonly updateTask: Sqlite.Statement;
  private readonly insertBody: Sqlite.Statement;
  private readonly updateBody: Sqlite.Statement;
  private readonly putLease: Sqlite.Statement;
  private readonly updateLease: Sqlite.Statement;
  private readonly insertTag: Sqlite.Statement<[number, ...TaggedValues]>;
  private readonly insertEvent: Sqlite.Statement;
  private readonly nextEvent: Sqlite.Statement<[number], { value: number }>;

  constructor(
    db: Sqlite.Database,
    private readonly names: SqliteNames,
  ) {
    this.insertTask = prepare(
      db,
      `INSERT INTO tasks (seq, group_id, key_id, id, status, gate, rank, version, retry_count, max_retries, auto_retry,
        pending, on_failure, is_awaited, timeout_seconds, available_at, last_retry_at, created_at, updated_at, started_at, completed_at, cancelled_at,
        created_by, updated_by) VALUES (${places(24)})`,
    );
    this.updateTask = prepare(
      db,
      `UPDATE tasks SET status = ?, gate = ?, version = ?, retry_count = ?, pending = ?, is_awaited = ?, available_at = ?, last_retry_at = ?,
        updated_at = ?, started_at = ?, completed_at = ?, cancelled_at = ?, updated_by = ?
       WHERE seq = ? AND version = ?`,
    );
    this.insertBody = prepare(
      db,
      `INSERT INTO task_bodies (seq, work_directory, prompt, payload, tags, metadata, concurrency_key)
       VALUES (${places(7)})`,
    );
    this.updateBody = prepare(
      db,
      'UPDATE task_bodies SET result = ?, error_message = ?, cancel_reason = ? WHERE seq = ?',
    );
    this.putLease = prepare(
      db,
      `INSERT OR REPLACE INTO leases (seq, attempt, token, worker_id, length_ms, claimed_at, expires_at, timeout_at,
        progress, progress_message, ended_by, slot_until) VALUES (${places(12)})`,
    );
    this.updateLease = prepare(
      db,
      `UPDATE leases SET expires_at = ?, timeout_at = ?, progress = ?, progress_message = ?, ended_by = ?, slot_until = ?
       WHERE seq = ?`,
    );
    this.insertTag = prepare(
      db,
      'INSERT OR IGNORE INTO task_tags (tag_id, created_at, seq, group_id, rank) VALUES (?, ?, ?, ?, ?)',
    );
    this.nextEvent = prepare(
      db,
      `UPDATE counters SET value = value + ? WHERE name = 'event' RETURNING value`,
    );
    this.insertEvent = prepare(
      db,
      `INSERT INTO task_history (event_id, seq, version, command, from_status, to_status, attempt, worker_id, at,
        details) VALUES (${places(10)})`,
    );
  }

  write(change: Change): void {
    if (change.before === null) this.insert(change);
    else this.update(change, change.before);
    const { lease } = change.after.state;
    const before = change.before?.state.lease ?? null;
    if (lease === null || lease === before) return;
    if (before?.attempt === lease.attempt) this.updateLease.run(...renewedLeaseValues(lease), change.seq);
    else this.putLease.run(change.seq, ...leaseValues(lease));
  }

  /** Numbers the transitions and writes them: ids without gaps, since a rollback takes the counter back too. @returns the last */
  log(transitions: readonly LoggedTransition[]): number | null {
    if (transitions.length === 0) return null;
    const last = this.nextEvent.get(transitions.length)?.value ?? 0;
    const first = last - transitions.length + 1;
    for (const [index, { seq, transition }] of transitions.entries()) {
      this.insertEvent.run(first + index, seq, ...transitionValues(transition));
    }
    return last;
  }

  private insert(change: Change): void {
    const { seq, groupId, keyId, after } = change;
    this.insertTask.run(seq, groupId, keyId, blobOf(after.id), ...insertedTaskValues(after));
    this.insertBody.run(seq, ...bodyValues(after));
    for (const tag of after.state.tags) this.insertTag.run(this.names.tagOf(tag), ...taggedValues(change));
    if (changesOutcome(null, after)) this.updateBody.run(...outcomeValues(after), seq);
  }

  private update({ seq, after }: Change, before: Task): void {
    if (changesTask(before, after)) {
      const { changes } = this.updateTask.run(...updatedTaskValues(after), seq, before.state.version);
      if (changes !== 1) throw new Error(`task ${after.id} was changed behind the store's back`);
    }
    if (changesOutcome(before, after)) this.updateBody.run(...outcomeValues(after), seq);
  }
}

function places(count: number): string {
  return Array.from({ length: count }, () => '?').join(', ');
}
