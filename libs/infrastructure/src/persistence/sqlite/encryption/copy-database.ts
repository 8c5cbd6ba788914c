import type Sqlite from 'better-sqlite3';
import { prepare } from '../prepare';

interface SchemaRow {
  readonly type: 'table' | 'index' | 'trigger' | 'view';
  readonly name: string;
  readonly sql: string;
}

const HEADER_NUMBERS = ['user_version', 'application_id'];

/** Everything that was made by hand, tables first: indexes and triggers come when the rows are there. */
export function schemaOf(db: Sqlite.Database, schema = 'main'): readonly SchemaRow[] {
  return prepare<[], SchemaRow>(
    db,
    `SELECT type, name, sql FROM ${schema}.sqlite_schema WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'
      ORDER BY CASE type WHEN 'table' THEN 0 ELSE 1 END, rowid`,
  ).all();
}

/** How many rows each table has. */
export function rowsByTable(db: Sqlite.Database): Readonly<Record<string, number>> {
  const tables = schemaOf(db).filter(({ type }) => type === 'table');
  const count = ({ name }: SchemaRow): number =>
    prepare<[], { rows: number }>(db, `SELECT count(*) AS rows FROM ${quoted(name)}`).get()?.rows ?? 0;
  return Object.fromEntries(tables.map((table) => [table.name, count(table)]));
}

/**
 * Copies a whole database into an empty one. Nothing passes through a file that is not encrypted.
 * @param to   empty, and with its key; whatever becomes of it half-way, it is thrown away
 * @param from the path of the other, and its key or null
 */
export function copyDatabase(to: Sqlite.Database, from: string, key: string | null): void {
  to.pragma('foreign_keys = OFF');
  to.pragma('temp_store = MEMORY');
  to.pragma('journal_mode = OFF');
  attach(to, from, key);
  const schema = schemaOf(to, 'source');
  to.exec('BEGIN');
  for (const { type, name, sql } of schema) {
    to.exec(sql);
    if (type === 'table') to.exec(`INSERT INTO main.${quoted(name)} SELECT * FROM source.${quoted(name)}`);
  }
  if (hasSequences(to)) {
    to.exec(
      'DELETE FROM main.sqlite_sequence; INSERT INTO main.sqlite_sequence SELECT * FROM source.sqlite_sequence',
    );
  }
  for (const name of HEADER_NUMBERS) {
    to.pragma(`main.${name} = ${Number(to.pragma(`source.${name}`, { simple: true }))}`);
  }
  to.exec('COMMIT; DETACH source');
}

function attach(to: Sqlite.Database, path: string, key: string | null): void {
  // An attached file takes the key of the connection unless it is given its own; an empty one means plain text.
  prepare<[string, string], unknown>(to, 'ATTACH DATABASE ? AS source KEY ?').run(path, key ?? '');
}

function hasSequences(db: Sqlite.Database): boolean {
  const sql = `SELECT 1 FROM source.sqlite_schema WHERE name = 'sqlite_sequence'`;
  return prepare(db, sql).get() !== undefined;
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
