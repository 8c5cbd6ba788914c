import { migrateStore, type StoreOptions } from '@task/infrastructure';
import { execute, type TestPostgres } from './postgres';

export const POSTGRES_LIMITS = { maxConnections: 10, timeoutMs: 10_000, commandTimeoutMs: 20_000 };

/** How to open a store on this database. */
export function postgresOptions(url: string): StoreOptions {
  return { ...POSTGRES_LIMITS, url: { kind: 'postgres', url } };
}

/** Migrated databases of one server, each one test's own while it has it. Emptied for the next: quicker than new. */
export class SpareDatabases {
  private readonly spare: string[] = [];

  constructor(private readonly postgres: TestPostgres) {}

  /** An empty database with the whole schema. */
  async take(): Promise<StoreOptions> {
    const used = this.spare.pop();
    if (used !== undefined) {
      await execute(used, EMPTY);
      return postgresOptions(used);
    }
    const options = postgresOptions(await this.postgres.createDatabase());
    await migrateStore(options);
    return options;
  }

  /** Nothing may be connected to it any more. */
  giveBack({ url }: StoreOptions): void {
    if (url.kind === 'postgres') this.spare.push(url.url);
  }
}

/** Takes the database back to where its migrations left it; a new table is found by itself. */
const EMPTY = `DO $$
  DECLARE filled text;
  BEGIN
    -- The audit log's own guard lets nobody empty it.
    PERFORM set_config('session_replication_role', 'replica', true);
    SELECT string_agg(quote_ident(tablename), ', ') INTO filled FROM pg_tables
      WHERE schemaname = 'public' AND tablename NOT IN ('migrations', 'counters');
    EXECUTE 'TRUNCATE ' || filled || ' RESTART IDENTITY';
    UPDATE counters SET value = 0;
  END
$$`;
