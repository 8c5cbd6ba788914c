import { SettingsStore, type Clock, type StoredValue, type StoredValues } from '@task/application';
import type { DataSource } from 'typeorm';
import { Listeners } from '../system/listeners';
import { ask, type FaultOf } from './ask';
import { NOTHING_READY } from './commit-news';
import { CHANNEL } from './postgres/instances/bulletin';
import type { Instances } from './postgres/instances/instances';
import { transaction } from './postgres/pool/transaction';
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
  private readonly listeners = new Listeners();

  /** @param instances the others on the same database; null where there can be none */
  constructor(
    private readonly source: DataSource,
    private readonly clock: Clock,
    private readonly faultOf: FaultOf,
    private readonly instances: Pick<Instances, 'bulletin' | 'watch'> | null,
  ) {
    super();
    instances?.watch('settings', () => this.listeners.tell());
  }

  override watch(listener: () => void): () => void {
    return this.listeners.add(listener);
  }

  override async read(): Promise<StoredValues> {
    const rows = await ask(
      this.source.query<SettingRow[]>('SELECT name, value FROM settings ORDER BY name'),
      this.faultOf,
    );
    return new Map(rows.map(({ name, value }) => [name, JSON.parse(value) as StoredValue]));
  }

  override async write(changes: ReadonlyMap<string, StoredValue | null>): Promise<void> {
    // In one order everywhere: two instances that change the same settings wait for each other, and never deadlock.
    const ordered = [...changes].sort(([one], [other]) => (one < other ? -1 : 1));
    await ask(
      this.source.options.type === 'postgres' ? this.onPostgres(ordered) : this.onSqlite(ordered),
      this.faultOf,
    );
    this.listeners.tell();
  }

  private onPostgres(changes: readonly Change[]): Promise<void> {
    return transaction(this.source, async (manager) => {
      for (const change of changes) {
        await this.put(change, (sql, values) => manager.query(numbered(sql), [...values]));
      }
      const bulletin = this.instances?.bulletin(NOTHING_READY, ['settings']) ?? null;
      if (bulletin !== null) await manager.query('SELECT pg_notify($1, $2)', [CHANNEL, bulletin]);
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
