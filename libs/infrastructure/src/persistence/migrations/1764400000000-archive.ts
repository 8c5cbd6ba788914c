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
    for (const statement of tables(runner)) await runner.query(statement);
    await runner.query(`ALTER TABLE task_counts ADD COLUMN archived ${bigint} NOT NULL DEFAULT 0`);
    await runner.query(`INSERT INTO counters (name, value) VALUES ('archived_event', 0)`);
  }

  /** Everything that was archived is put back. */
  async down(runner: QueryRunner): Promise<void> {
    for (const statement of putBack(isPostgres(runner))) await runner.query(statement);
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
      ended_by ${smallint}
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

const TASK = `seq, id, status, gate, rank, group_id, version, retry_count, max_retries, auto_retry, timeout_seconds,
  available_at, last_retry_at, created_at, updated_at, started_at, completed_at, cancelled_at, created_by, updated_by`;
const BODY = `seq, work_directory, prompt, payload, tags, metadata, result, error_message, cancel_reason`;
const LEASE = `seq, attempt, token, worker_id, length_ms, claimed_at, expires_at, timeout_at, progress,
  progress_message, ended_by`;
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
  ];
}
