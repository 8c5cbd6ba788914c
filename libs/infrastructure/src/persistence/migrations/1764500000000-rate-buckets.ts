import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Levels of token buckets that instances share. Not logged: after a crash of the database they are full again. A SQLite
 * file has one process, which keeps them in memory.
 */
export class RateBuckets1764500000000 implements MigrationInterface {
  readonly name = 'RateBuckets1764500000000';

  async up(runner: QueryRunner): Promise<void> {
    if (runner.dataSource.options.type !== 'postgres') return;
    await runner.query(
      `CREATE UNLOGGED TABLE rate_buckets (
        name text NOT NULL PRIMARY KEY,
        steady_out double precision NOT NULL,
        burst_out double precision NOT NULL,
        refilled_at bigint NOT NULL,
        version bigint NOT NULL
      ) WITH (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.01)`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    if (runner.dataSource.options.type === 'postgres') await runner.query('DROP TABLE rate_buckets');
  }
}
