import type Sqlite from 'better-sqlite3';
import type { DataSource } from 'typeorm';
import { PreparedStatements } from '../sqlite/prepare';
import { connectionOf } from '../sqlite/sqlite-connection';
import { blobOf, uuidOf } from '../sqlite/uuid-blob';
import type { MovedRow, MovedTable, MovedValue } from './moved-tables';
import { pageSql, type MovingSide } from './moving-side';

type Stored = string | number | null | Buffer;

/** A SQLite file of which this process is the owner. */
export class SqliteSide implements MovingSide {
  private readonly db: Sqlite.Database;
  private readonly statements: PreparedStatements;

  constructor(private readonly source: DataSource) {
    this.db = connectionOf(source);
    this.statements = new PreparedStatements(this.db);
  }

  async begin(): Promise<void> {
    await this.run('BEGIN IMMEDIATE');
  }

  async commit(): Promise<void> {
    await this.run('COMMIT');
  }

  async rollback(): Promise<void> {
    if (this.db.inTransaction) await this.run('ROLLBACK');
  }

  async run<Row extends object>(sql: string, values: readonly MovedValue[] = []): Promise<readonly Row[]> {
    await Promise.resolve();
    const statement = this.statements.of<Row>(sql);
    if (statement.reader) return statement.all(...values);
    statement.run(...values);
    return [];
  }

  async read(table: MovedTable, after: MovedRow | null, limit: number): Promise<readonly MovedRow[]> {
    await Promise.resolve();
    const statement = this.statements.of<Stored[]>(pageSql(table, after === null)).raw();
    const rows = statement.all(...(after ?? []), limit);
    return rows.map((row) => row.map((value) => (Buffer.isBuffer(value) ? uuidOf(value) : value)));
  }

  async insert(table: MovedTable, rows: readonly MovedRow[]): Promise<void> {
    await Promise.resolve();
    const { name, columns } = table;
    const places = columns.map(() => '?').join(', ');
    const names = columns.map((column) => column.name).join(', ');
    const statement = this.statements.of(`INSERT INTO ${name} (${names}) VALUES (${places})`);
    const isUuid = columns.map(({ type }) => type === 'uuid');
    for (const row of rows) {
      statement.run(...row.map((value, at) => (isUuid[at] === true ? blobOf(String(value)) : value)));
    }
  }

  async hasTable(name: string): Promise<boolean> {
    const sql = `SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = ?`;
    return (await this.run(sql, [name])).length > 0;
  }

  async lastTask(): Promise<number> {
    const sql = `SELECT value FROM counters WHERE name = 'task_seq'`;
    return (await this.run<{ value: number }>(sql))[0]?.value ?? 0;
  }

  async setLastTask(seq: number): Promise<void> {
    await this.run(`UPDATE counters SET value = ? WHERE name = 'task_seq'`, [seq]);
  }

  /** SQLite goes on behind the last row by itself. */
  async continueNumbers(): Promise<void> {
    await Promise.resolve();
  }

  /** The lock of its owner says that nobody else has it. */
  isInUse(): Promise<boolean> {
    return Promise.resolve(false);
  }

  /** It always is. */
  async makeDurable(): Promise<void> {
    await Promise.resolve();
  }

  /** Its statements name their indexes where that matters. */
  async settle(): Promise<void> {
    await Promise.resolve();
  }

  close(): Promise<void> {
    return this.source.destroy();
  }
}
