import { randomUUID } from 'node:crypto';
import type { MigrationInterface, QueryRunner } from 'typeorm';
import { DIALECTS } from '../schema/dialect';

interface FormerKey {
  readonly name: string;
  readonly hash: string;
  readonly roles: string;
  readonly created_at: number;
}

/**
 * Keys get a public id, an end, and what is known of their use; those that were revoked stay, and their names are free.
 * The table is made anew, since SQLite cannot take back that its names are unique. And the audit log: rows are only
 * added to it, and the database itself refuses anything else.
 */
export class KeysAndAudit1764200000000 implements MigrationInterface {
  readonly name = 'KeysAndAudit1764200000000';

  async up(runner: QueryRunner): Promise<void> {
    const keys = (await runner.query(
      'SELECT name, hash, roles, created_at FROM api_keys ORDER BY id',
    )) as FormerKey[];
    await runner.query('DROP TABLE api_keys');
    for (const statement of newKeys(runner)) await runner.query(statement);
    for (const { name, hash, roles, created_at } of keys) {
      await insert(runner, 'api_keys', { public_id: randomUUID(), name, hash, roles, created_at });
    }
    await runner.query(`INSERT INTO counters (name, value) VALUES ('keys', 0)`);
    for (const statement of auditLog(runner)) await runner.query(statement);
    for (const statement of isPostgres(runner) ? POSTGRES_GUARDS : SQLITE_GUARDS)
      await runner.query(statement);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP TABLE audit_log');
    if (isPostgres(runner)) await runner.query('DROP FUNCTION refuse_change_of_audit_log');
    await runner.query(`DELETE FROM counters WHERE name = 'keys'`);
    // What the former table cannot express must not become valid for ever.
    const keys = (await runner.query(
      `SELECT name, hash, roles, created_at FROM api_keys WHERE revoked_at IS NULL AND expires_at IS NULL ORDER BY id`,
    )) as FormerKey[];
    await runner.query('DROP TABLE api_keys');
    await runner.query(formerKeys(runner));
    for (const key of keys) await insert(runner, 'api_keys', { ...key });
  }
}

function isPostgres(runner: QueryRunner): boolean {
  return runner.dataSource.options.type === 'postgres';
}

function newKeys(runner: QueryRunner): readonly string[] {
  const { bigint } = DIALECTS[isPostgres(runner) ? 'postgres' : 'sqlite'];
  const id = isPostgres(runner) ? 'serial PRIMARY KEY' : 'integer PRIMARY KEY';
  return [
    `CREATE TABLE api_keys (
      id ${id},
      public_id text NOT NULL UNIQUE,
      name text NOT NULL,
      hash text NOT NULL UNIQUE,
      roles text NOT NULL,
      created_at ${bigint} NOT NULL,
      created_by text,
      expires_at ${bigint},
      last_used_at ${bigint},
      requests_per_minute integer,
      revoked_at ${bigint},
      revoked_by text
    )`,
    `CREATE UNIQUE INDEX api_keys_by_name ON api_keys (name) WHERE revoked_at IS NULL`,
  ];
}

function formerKeys(runner: QueryRunner): string {
  const { bigint } = DIALECTS[isPostgres(runner) ? 'postgres' : 'sqlite'];
  const id = isPostgres(runner) ? 'serial PRIMARY KEY' : 'integer PRIMARY KEY';
  return `CREATE TABLE api_keys (
      id ${id},
      name text NOT NULL UNIQUE,
      hash text NOT NULL UNIQUE,
      roles text NOT NULL,
      created_at ${bigint} NOT NULL
    )`;
}

function auditLog(runner: QueryRunner): readonly string[] {
  const { bigint } = DIALECTS[isPostgres(runner) ? 'postgres' : 'sqlite'];
  const id = isPostgres(runner) ? 'bigserial PRIMARY KEY' : 'integer PRIMARY KEY';
  return [
    `CREATE TABLE audit_log (
      id ${id},
      at ${bigint} NOT NULL,
      actor text,
      action text NOT NULL,
      outcome text NOT NULL,
      target text,
      address text,
      request_id text,
      occurrences integer NOT NULL,
      details text NOT NULL
    )`,
    `CREATE INDEX audit_log_by_time ON audit_log (at, id)`,
    `CREATE INDEX audit_log_by_actor ON audit_log (actor, at, id)`,
    `CREATE INDEX audit_log_by_action ON audit_log (action, at, id)`,
  ];
}

const SQLITE_GUARDS = ['UPDATE', 'DELETE'].map(
  (change) =>
    `CREATE TRIGGER audit_log_no_${change.toLowerCase()} BEFORE ${change} ON audit_log
     BEGIN SELECT RAISE(ABORT, 'rows of audit_log are only added'); END`,
);

const POSTGRES_GUARDS = [
  `CREATE FUNCTION refuse_change_of_audit_log() RETURNS trigger LANGUAGE plpgsql
   AS $$ BEGIN RAISE EXCEPTION 'rows of audit_log are only added'; END $$`,
  `CREATE TRIGGER audit_log_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON audit_log
   FOR EACH STATEMENT EXECUTE FUNCTION refuse_change_of_audit_log()`,
];

async function insert(runner: QueryRunner, table: string, row: Record<string, unknown>): Promise<void> {
  const places = Object.keys(row).map((_, index) => (isPostgres(runner) ? `$${index + 1}` : '?'));
  const columns = Object.keys(row).join(', ');
  await runner.query(`INSERT INTO ${table} (${columns}) VALUES (${places.join(', ')})`, Object.values(row));
}
