import type { MigrationInterface, QueryRunner } from 'typeorm';
import { DIALECTS } from '../schema/dialect';

/** Schedules, which make tasks again and again. */
export class Schedules1764350000000 implements MigrationInterface {
  readonly name = 'Schedules1764350000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const statement of statements(runner)) await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DELETE FROM counters WHERE name = 'schedules'`);
    await runner.query(`DROP TABLE schedules`);
  }
}

function statements(runner: QueryRunner): readonly string[] {
  const isPostgres = runner.dataSource.options.type === 'postgres';
  const { bigint, smallint } = DIALECTS[isPostgres ? 'postgres' : 'sqlite'];
  // Pages go by name: in the same order on both databases.
  const name = `text${isPostgres ? ' COLLATE "C"' : ''} NOT NULL UNIQUE`;
  return [
    `CREATE TABLE schedules (
      id text NOT NULL PRIMARY KEY,
      name ${name},
      cron text,
      interval_seconds integer,
      time_zone text NOT NULL,
      anchor_at ${bigint} NOT NULL,
      task text NOT NULL,
      missed ${smallint} NOT NULL,
      is_enabled ${smallint} NOT NULL,
      next_at ${bigint},
      last_at ${bigint},
      last_task_id text,
      last_error text,
      created_at ${bigint} NOT NULL,
      created_by text NOT NULL,
      updated_at ${bigint} NOT NULL,
      updated_by text NOT NULL,
      version integer NOT NULL
    )`,
    `CREATE INDEX schedules_due ON schedules (next_at, id) WHERE next_at IS NOT NULL`,
    // Whoever names a schedule changes this row first.
    `INSERT INTO counters (name, value) VALUES ('schedules', 0)`,
  ];
}
