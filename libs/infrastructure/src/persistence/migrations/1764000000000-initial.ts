import type { MigrationInterface, QueryRunner } from 'typeorm';
import { DIALECTS } from '../schema/dialect';

/**
 * The first schema. Its tables and the reasons for their shape are told in ARCHITECTURE.md, Storage: `tasks` is narrow
 * and holds what claims and lists read, texts live in `task_bodies`, what a heartbeat changes lives in `leases`.
 */
export class Initial1764000000000 implements MigrationInterface {
  readonly name = 'Initial1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of tables(runner)) await runner.query(statement);
    for (const statement of indexes()) await runner.query(statement);
    if (isPostgres(runner)) {
      await runner.query(
        `ALTER TABLE tasks SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.01, autovacuum_analyze_scale_factor = 0.01)`,
      );
      await runner.query(`ALTER TABLE leases SET (fillfactor = 80, autovacuum_vacuum_scale_factor = 0.01)`);
      await runner.query(`CREATE SEQUENCE task_seq OWNED BY tasks.seq`);
    } else {
      await runner.query(`INSERT INTO counters (name, value) VALUES ('task_seq', 0)`);
    }
    await runner.query(`INSERT INTO counters (name, value) VALUES ('event', 0)`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const table of TABLES.toReversed()) await runner.query(`DROP TABLE ${table}`);
  }
}

const TABLES = [
  'counters',
  'directories',
  'task_groups',
  'tasks',
  'task_bodies',
  'leases',
  'tags',
  'task_tags',
  'task_history',
  'task_counts',
  'queue_blocks',
  'stat_minutes',
  'processing_times',
  'api_keys',
];

function isPostgres(runner: QueryRunner): boolean {
  return runner.dataSource.options.type === 'postgres';
}

function tables(runner: QueryRunner): readonly string[] {
  const { uuid, bigint, smallint } = DIALECTS[isPostgres(runner) ? 'postgres' : 'sqlite'];
  const id = isPostgres(runner) ? 'serial PRIMARY KEY' : 'integer PRIMARY KEY';
  const keyedOnly = isPostgres(runner) ? '' : ' WITHOUT ROWID';
  // What is below a directory is a range of paths, in the order of bytes, whatever the database's language is.
  const bytewise = isPostgres(runner) ? ' COLLATE "C"' : '';
  return [
    `CREATE TABLE counters (name text NOT NULL PRIMARY KEY, value ${bigint} NOT NULL)${keyedOnly}`,
    `CREATE TABLE directories (id ${id}, path text${bytewise} NOT NULL UNIQUE)`,
    `CREATE TABLE task_groups (
      id ${id},
      directory_id integer NOT NULL,
      task_type text NOT NULL,
      kb_id text NOT NULL,
      concurrency_key text NOT NULL,
      ready integer NOT NULL DEFAULT 0,
      UNIQUE (directory_id, task_type, kb_id, concurrency_key)
    )`,
    `CREATE TABLE tasks (
      seq ${bigint} PRIMARY KEY,
      id ${uuid} NOT NULL UNIQUE,
      status ${smallint} NOT NULL,
      gate ${smallint},
      rank ${smallint} NOT NULL,
      group_id integer NOT NULL REFERENCES task_groups (id),
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
      updated_by text
    )`,
    `CREATE TABLE task_bodies (
      seq ${bigint} PRIMARY KEY REFERENCES tasks (seq),
      work_directory text,
      prompt text,
      payload text,
      tags text,
      metadata text,
      result text,
      error_message text,
      cancel_reason text
    )`,
    `CREATE TABLE leases (
      seq ${bigint} PRIMARY KEY REFERENCES tasks (seq),
      attempt integer NOT NULL,
      token text NOT NULL,
      worker_id text,
      length_ms integer NOT NULL,
      claimed_at ${bigint} NOT NULL,
      expires_at ${bigint} NOT NULL,
      timeout_at ${bigint},
      progress ${smallint} NOT NULL,
      progress_message text,
      ended_by ${smallint}
    )`,
    `CREATE TABLE tags (id ${id}, name text NOT NULL UNIQUE)`,
    `CREATE TABLE task_tags (
      tag_id integer NOT NULL REFERENCES tags (id),
      seq ${bigint} NOT NULL REFERENCES tasks (seq),
      PRIMARY KEY (tag_id, seq)
    )${keyedOnly}`,
    `CREATE TABLE task_history (
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
    `CREATE TABLE task_counts (
      group_id integer NOT NULL,
      status ${smallint} NOT NULL,
      rank ${smallint} NOT NULL,
      tasks ${bigint} NOT NULL,
      processing_ms ${bigint} NOT NULL,
      PRIMARY KEY (group_id, status, rank)
    )${keyedOnly}`,
    `CREATE TABLE queue_blocks (
      rank ${smallint} NOT NULL,
      block ${bigint} NOT NULL,
      ready integer NOT NULL,
      PRIMARY KEY (rank, block)
    )${keyedOnly}`,
    `CREATE TABLE stat_minutes (
      minute ${bigint} PRIMARY KEY,
      created integer NOT NULL,
      claimed integer NOT NULL,
      completed integer NOT NULL,
      failed integer NOT NULL,
      cancelled integer NOT NULL,
      retried integer NOT NULL,
      processing_ms ${bigint} NOT NULL
    )`,
    `CREATE TABLE processing_times (
      minute ${bigint} NOT NULL,
      bin ${smallint} NOT NULL,
      tasks integer NOT NULL,
      PRIMARY KEY (minute, bin)
    )${keyedOnly}`,
    `CREATE TABLE api_keys (
      id ${id},
      name text NOT NULL UNIQUE,
      hash text NOT NULL UNIQUE,
      roles text NOT NULL,
      created_at ${bigint} NOT NULL
    )`,
  ];
}

/** Eight on tasks, the two of its keys included. Status 0 is waiting, gate 0 ready, gate 1 scheduled. */
function indexes(): readonly string[] {
  return [
    `CREATE INDEX tasks_by_creation ON tasks (created_at, seq)`,
    `CREATE INDEX tasks_by_status ON tasks (status, rank, created_at, seq)`,
    `CREATE INDEX tasks_by_group ON tasks (group_id, status, rank, created_at, seq)`,
    `CREATE INDEX tasks_ready ON tasks (rank, seq) WHERE status = 0 AND gate = 0`,
    `CREATE INDEX tasks_ready_by_group ON tasks (group_id, rank, seq) WHERE status = 0 AND gate = 0`,
    `CREATE INDEX tasks_scheduled ON tasks (available_at) WHERE status = 0 AND gate = 1`,
    `CREATE INDEX leases_by_expiry ON leases (expires_at) WHERE ended_by IS NULL`,
    `CREATE INDEX leases_by_timeout ON leases (timeout_at) WHERE ended_by IS NULL AND timeout_at IS NOT NULL`,
    `CREATE INDEX task_groups_ready ON task_groups (directory_id) WHERE ready > 0`,
  ];
}
