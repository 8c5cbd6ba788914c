import {
  bodyValues,
  insertedTaskValues,
  leaseValues,
  outcomeValues,
  taggedValues,
  transitionValues,
  updatedTaskValues,
  type Value,
} from '../row-values';
import type { Change, LoggedTransition } from '../stored-task';
import { changesOutcome, changesTask } from '../changed-parts';
import { columnsOf, insertSql, unnested, upsertSql, type ColumnTypes } from './bulk';
import type { PostgresConnection } from './postgres-connection';
import type { PostgresNames } from './postgres-names';

/** Writes tasks, their bodies, leases, tags and history: one statement for each table, however many rows. */
export class PostgresWriter {
  constructor(
    private readonly connection: PostgresConnection,
    private readonly names: PostgresNames,
  ) {}

  async write(changes: readonly Change[]): Promise<void> {
    const added = changes.filter(({ before }) => before === null);
    await this.rows('insert-tasks', INSERT_TASKS, TASK, added.map(taskRow));
    await this.rows(
      'insert-bodies',
      INSERT_BODIES,
      BODY,
      added.map(({ seq, after }) => [seq, ...bodyValues(after)]),
    );
    await this.tags(added);
    await this.updateTasks(changes);
    const ended = changes.filter(({ before, after }) => changesOutcome(before, after));
    await this.rows(
      'update-bodies',
      UPDATE_BODIES,
      OUTCOME,
      ended.map(({ seq, after }) => [seq, ...outcomeValues(after)]),
    );
    await this.rows('upsert-leases', UPSERT_LEASES, LEASE, changes.flatMap(leaseRow));
  }

  /**
   * Numbers the transitions under the counter's lock, which the commit lets go: gapless and in commit order.
   * @returns the last number, or null when there was nothing to number: the lock is not taken then
   */
  async log(transitions: readonly LoggedTransition[]): Promise<number | null> {
    if (transitions.length === 0) return null;
    const { rows } = await this.connection.query<{ value: number }>(
      'next-events',
      `UPDATE counters SET value = value + $1 WHERE name = 'event' RETURNING value`,
      [transitions.length],
    );
    const last = rows[0]?.value ?? 0;
    const first = last - transitions.length + 1;
    const events = transitions.map(({ seq, transition }, index) => [
      first + index,
      seq,
      ...transitionValues(transition),
    ]);
    await this.rows('insert-events', INSERT_EVENTS, EVENT, events);
    return last;
  }

  /** Waits for the turn in which counters may be written: those who write the same ones cannot deadlock. */
  async lockLog(): Promise<void> {
    await this.connection.query('lock-log', `SELECT 1 FROM counters WHERE name = 'event' FOR UPDATE`, []);
  }

  private async updateTasks(changes: readonly Change[]): Promise<void> {
    const rows = changes.flatMap(({ seq, before, after }) =>
      before !== null && changesTask(before, after)
        ? [[seq, before.state.version, ...updatedTaskValues(after)]]
        : [],
    );
    const updated = await this.rows('update-tasks', UPDATE_TASKS, TASK_UPDATE, rows);
    if (updated !== rows.length) throw new Error('a task was changed behind the lock of its transaction');
  }

  private async tags(added: readonly Change[]): Promise<void> {
    const names = new Set(added.flatMap(({ after }) => after.state.tags));
    if (names.size === 0) return;
    const tagOf = await this.names.tagsOf(names);
    const rows = added.flatMap((change) =>
      [...new Set(change.after.state.tags)].map((tag) => [tagOf(tag), ...taggedValues(change)]),
    );
    await this.rows('insert-tags', INSERT_TAGS, TAG, rows);
  }

  private async rows(
    name: string,
    sql: string,
    types: ColumnTypes,
    rows: readonly (readonly Value[])[],
  ): Promise<number> {
    if (rows.length === 0) return 0;
    return (await this.connection.query(name, sql, columnsOf(rows, types))).count;
  }
}

const TASK: ColumnTypes = {
  seq: 'bigint',
  group_id: 'int',
  key_id: 'int',
  id: 'uuid',
  status: 'smallint',
  gate: 'smallint',
  rank: 'smallint',
  version: 'int',
  retry_count: 'int',
  max_retries: 'int',
  auto_retry: 'smallint',
  pending: 'int',
  on_failure: 'smallint',
  is_awaited: 'smallint',
  timeout_seconds: 'int',
  available_at: 'bigint',
  last_retry_at: 'bigint',
  created_at: 'bigint',
  updated_at: 'bigint',
  started_at: 'bigint',
  completed_at: 'bigint',
  cancelled_at: 'bigint',
  created_by: 'text',
  updated_by: 'text',
};
const TASK_UPDATE: ColumnTypes = {
  seq: 'bigint',
  decided_on: 'int',
  status: 'smallint',
  gate: 'smallint',
  version: 'int',
  retry_count: 'int',
  pending: 'int',
  is_awaited: 'smallint',
  available_at: 'bigint',
  last_retry_at: 'bigint',
  updated_at: 'bigint',
  started_at: 'bigint',
  completed_at: 'bigint',
  cancelled_at: 'bigint',
  updated_by: 'text',
};
const BODY: ColumnTypes = {
  seq: 'bigint',
  work_directory: 'text',
  prompt: 'text',
  payload: 'text',
  tags: 'text',
  metadata: 'text',
  concurrency_key: 'text',
};
const OUTCOME: ColumnTypes = { seq: 'bigint', result: 'text', error_message: 'text', cancel_reason: 'text' };
const LEASE: ColumnTypes = {
  seq: 'bigint',
  attempt: 'int',
  token: 'text',
  worker_id: 'text',
  length_ms: 'int',
  claimed_at: 'bigint',
  expires_at: 'bigint',
  timeout_at: 'bigint',
  progress: 'smallint',
  progress_message: 'text',
  ended_by: 'smallint',
  slot_until: 'bigint',
};
const EVENT: ColumnTypes = {
  event_id: 'bigint',
  seq: 'bigint',
  version: 'int',
  command: 'smallint',
  from_status: 'smallint',
  to_status: 'smallint',
  attempt: 'int',
  worker_id: 'text',
  at: 'bigint',
  details: 'text',
};
const TAG: ColumnTypes = {
  tag_id: 'int',
  created_at: 'bigint',
  seq: 'bigint',
  group_id: 'int',
  rank: 'smallint',
};

const INSERT_TASKS = insertSql('tasks', TASK);
const INSERT_BODIES = insertSql('task_bodies', BODY);
const INSERT_TAGS = insertSql('task_tags', TAG);
const INSERT_EVENTS = insertSql('task_history', EVENT);
const UPSERT_LEASES = upsertSql('leases', 'seq', LEASE);
const UPDATE_TASKS = `UPDATE tasks t SET ${assignments(TASK_UPDATE, ['seq', 'decided_on'])}
  FROM ${unnested(TASK_UPDATE)} WHERE t.seq = v.seq AND t.version = v.decided_on`;
const UPDATE_BODIES = `UPDATE task_bodies b SET ${assignments(OUTCOME, ['seq'])}
  FROM ${unnested(OUTCOME)} WHERE b.seq = v.seq`;

function assignments(types: ColumnTypes, keys: readonly string[]): string {
  return Object.keys(types)
    .filter((name) => !keys.includes(name))
    .map((name) => `${name} = v.${name}`)
    .join(', ');
}

function taskRow({ seq, groupId, keyId, after }: Change): readonly Value[] {
  return [seq, groupId, keyId, after.id, ...insertedTaskValues(after)];
}

function leaseRow({ seq, before, after }: Change): readonly (readonly Value[])[] {
  const { lease } = after.state;
  return lease === null || lease === before?.state.lease ? [] : [[seq, ...leaseValues(lease)]];
}
