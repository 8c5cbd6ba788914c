import type { MigrationInterface, QueryRunner } from 'typeorm';
import { DIALECTS } from '../schema/dialect';

/** Tasks that wait for others, and tasks that share the slots of a concurrency key. */
export class DependenciesAndKeys1764300000000 implements MigrationInterface {
  readonly name = 'DependenciesAndKeys1764300000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of [...tables(runner), ...columns(runner), ...INDEXES]) {
      await runner.query(statement);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX leases_by_slot`);
    await runner.query(`DROP INDEX tasks_by_key`);
    await runner.query(`ALTER TABLE leases DROP COLUMN slot_until`);
    await runner.query(`ALTER TABLE task_bodies DROP COLUMN concurrency_key`);
    for (const column of ['key_id', 'is_awaited', 'on_failure', 'pending']) {
      await runner.query(`ALTER TABLE tasks DROP COLUMN ${column}`);
    }
    await runner.query(`DROP TABLE ended_dependencies`);
    await runner.query(`DROP TABLE task_dependencies`);
    await runner.query(`DROP TABLE concurrency_keys`);
  }
}

function isPostgres(runner: QueryRunner): boolean {
  return runner.dataSource.options.type === 'postgres';
}

function tables(runner: QueryRunner): readonly string[] {
  const { bigint, smallint } = DIALECTS[isPostgres(runner) ? 'postgres' : 'sqlite'];
  const id = isPostgres(runner) ? 'serial PRIMARY KEY' : 'integer PRIMARY KEY';
  const keyedOnly = isPostgres(runner) ? '' : ' WITHOUT ROWID';
  return [
    `CREATE TABLE concurrency_keys (
      id ${id},
      name text NOT NULL UNIQUE,
      max_working integer NOT NULL,
      working integer NOT NULL,
      ready integer NOT NULL,
      held integer NOT NULL
    )`,
    `CREATE TABLE task_dependencies (
      seq ${bigint} NOT NULL REFERENCES tasks (seq),
      on_seq ${bigint} NOT NULL REFERENCES tasks (seq),
      on_failure ${smallint} NOT NULL,
      settled ${smallint} NOT NULL,
      PRIMARY KEY (seq, on_seq)
    )${keyedOnly}`,
    // Tasks that ended, and whose dependents have not all been told yet.
    `CREATE TABLE ended_dependencies (seq ${bigint} PRIMARY KEY REFERENCES tasks (seq))`,
  ];
}

/** Null for the many tasks that wait for nothing and share nothing: their rows stay what they were. */
function columns(runner: QueryRunner): readonly string[] {
  const { bigint, smallint } = DIALECTS[isPostgres(runner) ? 'postgres' : 'sqlite'];
  return [
    `ALTER TABLE tasks ADD COLUMN pending integer`,
    `ALTER TABLE tasks ADD COLUMN on_failure ${smallint}`,
    `ALTER TABLE tasks ADD COLUMN is_awaited ${smallint}`,
    `ALTER TABLE tasks ADD COLUMN key_id integer REFERENCES concurrency_keys (id)`,
    `ALTER TABLE task_bodies ADD COLUMN concurrency_key text`,
    `ALTER TABLE leases ADD COLUMN slot_until ${bigint}`,
  ];
}

/** None of them has a row for a task without a key or a dependency. Status 0 is waiting. */
const INDEXES = [
  `CREATE INDEX tasks_by_key ON tasks (key_id, gate, rank, seq) WHERE status = 0 AND key_id IS NOT NULL`,
  `CREATE INDEX leases_by_slot ON leases (slot_until) WHERE slot_until IS NOT NULL`,
  `CREATE INDEX task_dependencies_open ON task_dependencies (on_seq, on_failure, seq) WHERE settled = 0`,
  `CREATE INDEX task_dependencies_by_dependency ON task_dependencies (on_seq, seq)`,
  `CREATE INDEX concurrency_keys_held ON concurrency_keys (id) WHERE held > 0`,
];
