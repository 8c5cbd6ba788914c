import type { MigrationInterface, QueryRunner } from 'typeorm';
import { DIALECTS } from '../schema/dialect';

/**
 * Tasks that ended long ago, each in one row that needs no other, and their history. Counters tell how many of what
 * they count are there, and up to which event the log is not whole any more.
 */
export class Archive1764400000000 implements MigrationInterface {
  readonly name = 'Archive1764400000000';

  async up(runner: QueryRunner): Promise<void> {
    const { bigint } = DIALECTS[isPostgres(runner) ? 'postgres' : 'sqlite'];
    for (const statement of [...tables(runner), ...edges(runner, false)]) await runner.query(statement);
    await runner.query(`ALTER TABLE task_counts ADD COLUMN archived ${bigint} NOT NULL DEFAULT 0`);
    await runner.query(`INSERT INTO counters (name, value) VALUES ('archived_event', 0)`);
  }

  /** Everything that was archived is put back. */
  async down(runner: QueryRunner): Promise<void> {
    for (const statement of [...putBack(isPostgres(runner)), ...edges(runner, true)]) {
      await runner.query(statement);
    }
    await runner.query(`DELETE FROM counters WHERE name = 'archived_event'`);
    await runner.query(`ALTER TABLE task_counts DROP COLUMN archived`);
    await runner.query(`DROP TABLE archived_history`);
    await runner.query(`DROP TABLE archived_tasks`);
  }
}

function isPostgres(runner: QueryRunner): boolean {
  return runner.dataSource.options.type === 'postgres';
}

function tables(runner: QueryRunner): readonly string[] {
  const { uuid, bigint, smallint } = DIALECTS[isPostgres(runner) ? 'postgres' : 'sqlite'];
  return [
    `CREATE TABLE archived_tasks (
      seq ${bigint} PRIMARY KEY,
      id ${uuid} NOT NULL UNIQUE,
      archived_at ${bigint} NOT NULL,
      status ${smallint} NOT NULL,
      gate ${smallint},
      rank ${smallint} NOT NULL,
      group_id integer NOT NULL,
      version integer NOT NULL,
      retry_count integer NOT NULL,
      max_retries integer NOT NULL,
      auto_retry ${smallint} NOT NULL,
      pending integer,
      on_failure ${smallint},
      is_awaited ${smallint},
      key_id integer,
      timeout_seconds integer,
      available_at ${bigint},
      last_retry_at ${bigint},
      created_at ${bigint} NOT NULL,
      updated_at ${bigint} NOT NULL,
      started_at ${bigint},
      completed_at ${bigint},
      cancelled_at ${bigint},
      created_by text,
      updated_by text,
      task_type text NOT NULL,
      kb_id text NOT NULL,
      path text,
      work_directory text,
      prompt text,
      payload text,
      tags text,
      metadata text,
      concurrency_key text,
      result text,
      error_message text,
      cancel_reason text,
      attempt integer,
      token text,
      worker_id text,
      length_ms integer,
      claimed_at ${bigint},
      expires_at ${bigint},
      timeout_at ${bigint},
      progress ${smallint},
      progress_message text,
      ended_by ${smallint},
      slot_until ${bigint}
    )`,
    `CREATE TABLE archived_history (
      event_id ${bigint} PRIMARY KEY,
      seq ${bigint} NOT NULL,
      version integer NOT NULL,
      command ${smallint} NOT NULL,
      from_status ${smallint},
      to_status ${smallint} NOT NULL,
      attempt integer NOT NULL,
      worker_id text,
      at ${bigint} NOT NULL,
      details text,
      UNIQUE (seq, version)
    )`,
  ];
}

/** Edges stay when a task at one of their ends is archived: nothing can hold them to `tasks`. */
function edges(runner: QueryRunner, areHeld: boolean): readonly string[] {
  const held = ['seq', 'on_seq'].map((column) => ({ column, name: `task_dependencies_${column}_fkey` }));
  if (isPostgres(runner)) {
    return held.map(({ column, name }) =>
      areHeld
        ? `ALTER TABLE task_dependencies ADD CONSTRAINT ${name} FOREIGN KEY (${column}) REFERENCES tasks (seq)`
        : `ALTER TABLE task_dependencies DROP CONSTRAINT ${name}`,
    );
  }
  const reference = areHeld ? ' REFERENCES tasks (seq)' : '';
  return [
    `CREATE TABLE former_dependencies AS SELECT * FROM task_dependencies`,
    `DROP TABLE task_dependencies`,
    `CREATE TABLE task_dependencies (
      seq integer NOT NULL${reference},
      on_seq integer NOT NULL${reference},
      on_failure integer NOT NULL,
      settled integer NOT NULL,
      PRIMARY KEY (seq, on_seq)
    ) WITHOUT ROWID`,
    `INSERT INTO task_dependencies SELECT * FROM former_dependencies`,
    `DROP TABLE former_dependencies`,
    `CREATE INDEX task_dependencies_open ON task_dependencies (on_seq, on_failure, seq) WHERE settled = 0`,
    `CREATE INDEX task_dependencies_by_dependency ON task_dependencies (on_seq, seq)`,
  ];
}

const TASK = `seq, id, status, gate, rank, group_id, version, retry_count, max_retries, auto_retry, pending,
  on_failure, is_awaited, key_id, timeout_seconds,
  available_at, last_retry_at, created_at, updated_at, started_at, completed_at, cancelled_at, created_by, updated_by`;
const BODY = `seq, work_directory, prompt, payload, tags, metadata, concurrency_key, result, error_message,
  cancel_reason`;
const LEASE = `seq, attempt, token, worker_id, length_ms, claimed_at, expires_at, timeout_at, progress,
  progress_message, ended_by, slot_until`;
const HISTORY = `event_id, seq, version, command, from_status, to_status, attempt, worker_id, at, details`;

function putBack(onPostgres: boolean): readonly string[] {
  const tags = onPostgres
    ? 'CROSS JOIN LATERAL json_array_elements_text(a.tags::json) AS own(name)'
    : 'CROSS JOIN json_each(a.tags) AS own';
  const name = onPostgres ? 'own.name' : 'own.value';
  return [
    `INSERT INTO tasks (${TASK}) SELECT ${TASK} FROM archived_tasks`,
    `INSERT INTO task_bodies (${BODY}) SELECT ${BODY} FROM archived_tasks`,
    `INSERT INTO leases (${LEASE}) SELECT ${LEASE} FROM archived_tasks WHERE attempt IS NOT NULL`,
    `INSERT INTO task_tags (tag_id, seq) SELECT DISTINCT t.id, a.seq FROM archived_tasks a ${tags}
      JOIN tags t ON t.name = ${name} WHERE a.tags IS NOT NULL`,
    `INSERT INTO task_history (${HISTORY}) SELECT ${HISTORY} FROM archived_history`,
    `UPDATE task_dependencies SET settled = 0 WHERE settled = 2`,
  ];
}
