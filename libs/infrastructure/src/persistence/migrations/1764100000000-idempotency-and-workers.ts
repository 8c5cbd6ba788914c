import type { MigrationInterface, QueryRunner } from 'typeorm';
import { DIALECTS } from '../schema/dialect';

/** Outcomes kept under idempotency keys, workers and what they did, and the index of what each holds. */
export class IdempotencyAndWorkers1764100000000 implements MigrationInterface {
  readonly name = 'IdempotencyAndWorkers1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    const isPostgres = runner.dataSource.options.type === 'postgres';
    const { bigint } = DIALECTS[isPostgres ? 'postgres' : 'sqlite'];
    const keyedOnly = isPostgres ? '' : ' WITHOUT ROWID';
    await runner.query(
      `CREATE TABLE idempotency (
        key text NOT NULL PRIMARY KEY,
        fingerprint text NOT NULL,
        outcome text NOT NULL,
        expires_at ${bigint} NOT NULL
      )${keyedOnly}`,
    );
    await runner.query(`CREATE INDEX idempotency_by_expiry ON idempotency (expires_at)`);
    await runner.query(
      `CREATE TABLE workers (
        name text NOT NULL PRIMARY KEY,
        first_seen ${bigint} NOT NULL,
        last_seen ${bigint} NOT NULL,
        claimed ${bigint} NOT NULL,
        completed ${bigint} NOT NULL,
        failed ${bigint} NOT NULL,
        lost ${bigint} NOT NULL,
        processing_ms ${bigint} NOT NULL
      )${keyedOnly}`,
    );
    await runner.query(`CREATE INDEX workers_by_last_seen ON workers (last_seen, name)`);
    await runner.query(
      `CREATE INDEX leases_by_worker ON leases (worker_id, claimed_at) WHERE ended_by IS NULL AND worker_id IS NOT NULL`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP INDEX leases_by_worker`);
    await runner.query(`DROP TABLE workers`);
    await runner.query(`DROP TABLE idempotency`);
  }
}
