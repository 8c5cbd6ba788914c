import type { Value } from '../row-values';

/** The columns of a table that a statement writes, with their types: one array of values for each. */
export type ColumnTypes = Readonly<Record<string, string>>;

/** Turns rows into one array for each column, the form in which a statement takes any number of them. */
export function columnsOf(rows: readonly (readonly Value[])[], types: ColumnTypes): readonly Value[][] {
  return Object.keys(types).map((_, index) => rows.map((row) => row[index] ?? null));
}

/** `unnest($1::bigint[], $2::text[]) AS v(seq, name)` */
export function unnested(types: ColumnTypes): string {
  const arrays = Object.values(types).map((type, index) => `$${index + 1}::${type}[]`);
  return `unnest(${arrays.join(', ')}) AS v(${Object.keys(types).join(', ')})`;
}

/** Inserts any number of rows. */
export function insertSql(table: string, types: ColumnTypes, conflict = ''): string {
  return `INSERT INTO ${table} (${Object.keys(types).join(', ')}) SELECT * FROM ${unnested(types)} ${conflict}`;
}

/** Inserts rows, or sets all columns but the key where one is there already. */
export function upsertSql(table: string, key: string, types: ColumnTypes): string {
  const columns = Object.keys(types).filter((name) => name !== key);
  const set = columns.map((name) => `${name} = excluded.${name}`).join(', ');
  return insertSql(table, types, `ON CONFLICT (${key}) DO UPDATE SET ${set}`);
}

/** Inserts counters, or adds to those that are there. */
export function addSql(table: string, keys: readonly string[], types: ColumnTypes): string {
  const columns = Object.keys(types).filter((name) => !keys.includes(name));
  const set = columns.map((name) => `${name} = ${table}.${name} + excluded.${name}`).join(', ');
  return insertSql(table, types, `ON CONFLICT (${keys.join(', ')}) DO UPDATE SET ${set}`);
}
