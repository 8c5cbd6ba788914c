import { setTimeout as pause } from 'node:timers/promises';
import type { DataSource, QueryRunner } from 'typeorm';
import { columnsOf, insertSql } from '../postgres/bulk';
import { numbered } from '../postgres/numbered';
import type { MovedRow, MovedTable, MovedValue } from './moved-tables';
import { pageSql, type MovingSide } from './moving-side';

const LOOKS = 5;
const BETWEEN_LOOKS_MS = 200;

/** A database of PostgreSQL, on one connection. */
export class PostgresSide implements MovingSide {
  private constructor(
    private readonly source: DataSource,
    private readonly runner: QueryRunner,
  ) {}

  static async open(source: DataSource): Promise<PostgresSide> {
    const side = new PostgresSide(source, source.createQueryRunner());
    // A large table takes its time; and what is not on disk yet is moved again after a crash of the server.
    await side.run('SET statement_timeout = 0');
    await side.run('SET synchronous_commit = off');
    return side;
  }

  async begin(): Promise<void> {
    await this.run('BEGIN');
  }

  async commit(): Promise<void> {
    await this.run('COMMIT');
  }

  async rollback(): Promise<void> {
    await this.run('ROLLBACK').catch(() => undefined);
  }

  async run<Row extends object>(sql: string, values: readonly MovedValue[] = []): Promise<readonly Row[]> {
    const answer: unknown = await this.runner.query(numbered(sql), [...values]);
    return Array.isArray(answer) ? (answer as Row[]) : [];
  }

  async read(table: MovedTable, after: MovedRow | null, limit: number): Promise<readonly MovedRow[]> {
    const rows = await this.run<Record<string, MovedValue>>(pageSql(table, after === null), [
      ...(after ?? []),
      limit,
    ]);
    return rows.map((row) => table.columns.map(({ name }) => row[name] ?? null));
  }

  async insert({ name, columns }: MovedTable, rows: readonly MovedRow[]): Promise<void> {
    const types = Object.fromEntries(columns.map((column) => [column.name, column.type]));
    await this.runner.query(insertSql(name, types), [...columnsOf(rows, types)]);
  }

  async hasTable(name: string): Promise<boolean> {
    const [row] = await this.run<{ found: string | null }>('SELECT to_regclass(?)::text AS found', [name]);
    return (row?.found ?? null) !== null;
  }

  async lastTask(): Promise<number> {
    const sql = 'SELECT CASE WHEN is_called THEN last_value ELSE 0 END AS value FROM task_seq';
    return (await this.run<{ value: number }>(sql))[0]?.value ?? 0;
  }

  async setLastTask(seq: number): Promise<void> {
    await this.run(`SELECT setval('task_seq', greatest(?::bigint, 1), ?::bigint > 0)`, [seq, seq]);
  }

  async continueNumbers({ name, key }: MovedTable): Promise<void> {
    const [id = ''] = key;
    await this.run(`SELECT setval(pg_get_serial_sequence('${name}', '${id}'), coalesce(max(${id}), 1),
      count(*) > 0) FROM ${name}`);
  }

  /** Whether somebody has it open, and keeps it so: a server ends a connection a moment after its client did. */
  async isInUse(): Promise<boolean> {
    const sql = `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()
      AND application_name LIKE 'task-orchestrator%' LIMIT 1`;
    for (let looks = 0; looks < LOOKS; looks += 1) {
      if ((await this.run(sql)).length === 0) return false;
      await pause(BETWEEN_LOOKS_MS);
    }
    return true;
  }

  async makeDurable(): Promise<void> {
    await this.run('SET synchronous_commit = on');
  }

  async settle(): Promise<void> {
    await this.run('ANALYZE');
  }

  async close(): Promise<void> {
    await this.runner.release();
    await this.source.destroy();
  }
}
