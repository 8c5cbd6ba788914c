import type { MigrationInterface, QueryRunner } from 'typeorm';
import { DIALECTS } from '../schema/dialect';

/** Settings that were changed while the service ran. */
export class Settings1764210000000 implements MigrationInterface {
  readonly name = 'Settings1764210000000';

  async up(runner: QueryRunner): Promise<void> {
    const isPostgres = runner.dataSource.options.type === 'postgres';
    const { bigint } = DIALECTS[isPostgres ? 'postgres' : 'sqlite'];
    await runner.query(
      `CREATE TABLE settings (
        name text NOT NULL PRIMARY KEY,
        value text NOT NULL,
        updated_at ${bigint} NOT NULL
      )${isPostgres ? '' : ' WITHOUT ROWID'}`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`DROP TABLE settings`);
  }
}
