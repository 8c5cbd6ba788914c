import { SettingsStore, type Clock, type StoredValue, type StoredValues } from '@task/application';
import type { DataSource } from 'typeorm';
import { ask, type FaultOf } from './ask';
import { numbered } from './postgres/numbered';
import { prepare } from './sqlite/prepare';
import { connectionOf } from './sqlite/sqlite-connection';
import { writeAlone } from './sqlite/write-alone';

interface SettingRow {
  readonly name: string;
  /** JSON. */
  readonly value: string;
}

type Change = readonly [name: string, value: StoredValue | null];
type Run = (sql: string, values: readonly unknown[]) => unknown;

const KEEP = `INSERT INTO settings (name, value, updated_at) VALUES (?, ?, ?)
  ON CONFLICT (name) DO UPDATE SET value = excluded.value, updated_at = excluded.updated_at`;
const FORGET = 'DELETE FROM settings WHERE name = ?';

/** Changed settings in the database. */
export class TypeOrmSettingsStore extends SettingsStore {
  constructor(
    private readonly source: DataSource,
    private readonly clock: Clock,
    private readonly faultOf: FaultOf,
  ) {
    super();
  }

  override async read(): Promise<StoredValues> {
    const rows = await ask(
      this.source.query<SettingRow[]>('SELECT name, value FROM settings ORDER BY name'),
      this.faultOf,
    );
    return new Map(rows.map(({ name, value }) => [name, JSON.parse(value) as StoredValue]));
  }

  override write(changes: ReadonlyMap<string, StoredValue | null>): Promise<void> {
    // In one order everywhere: two instances that change the same settings wait for each other, and never deadlock.
    const ordered = [...changes].sort(([one], [other]) => (one < other ? -1 : 1));
    return ask(
      this.source.options.type === 'postgres' ? this.onPostgres(ordered) : this.onSqlite(ordered),
      this.faultOf,
    );
  }

  private onPostgres(changes: readonly Change[]): Promise<void> {
    return this.source.transaction(async (manager) => {
      for (const change of changes) {
        await this.put(change, (sql, values) => manager.query(numbered(sql), [...values]));
      }
    });
  }

  private onSqlite(changes: readonly Change[]): Promise<void> {
    const db = connectionOf(this.source);
    return writeAlone(db, () => {
      for (const change of changes) this.put(change, (sql, values) => prepare(db, sql).run(...values));
    });
  }

  private put([name, value]: Change, run: Run): unknown {
    return value === null ? run(FORGET, [name]) : run(KEEP, [name, JSON.stringify(value), this.clock.now()]);
  }
}
