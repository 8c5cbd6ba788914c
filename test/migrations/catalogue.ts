import type { DataSource } from 'typeorm';

/** Whatever has a name in a database, and how it is defined: `['table tasks', 'CREATE TABLE …']`. */
export type Catalogue = ReadonlyMap<string, string>;

/** What TypeORM remembers migrations by, and SQLite its numbers for it: no migration of ours makes or drops those. */
const OF_OTHERS =
  /^(?:table|sequence|column) (?:migrations(?:_id_seq|\.\w+)?|sqlite_\w+)$|^index PK_[0-9a-f]+$/;

const SQLITE = `SELECT type || ' ' || name AS name, coalesce(sql, '') AS definition FROM sqlite_master`;

const POSTGRES = `
  SELECT CASE relkind WHEN 'r' THEN 'table ' WHEN 'i' THEN 'index ' WHEN 'S' THEN 'sequence ' ELSE relkind::text || ' ' END || relname AS name,
    CASE relkind WHEN 'i' THEN pg_get_indexdef(oid) ELSE coalesce(array_to_string(reloptions, ', '), '') END AS definition
  FROM pg_class WHERE relnamespace = 'public'::regnamespace
  UNION ALL
  SELECT 'column ' || table_name || '.' || column_name,
    concat_ws(' ', data_type, collation_name, is_nullable, column_default)
  FROM information_schema.columns WHERE table_schema = 'public'
  UNION ALL
  SELECT 'constraint ' || conrelid::regclass || '.' || conname, pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND conrelid <> 'migrations'::regclass
  UNION ALL
  SELECT 'function ' || proname, prosrc FROM pg_proc WHERE pronamespace = 'public'::regnamespace`;

/** Everything in the database that migrations made. */
export async function catalogueOf(source: DataSource): Promise<Catalogue> {
  const sql = source.options.type === 'postgres' ? POSTGRES : SQLITE;
  const rows = await source.query<{ name: string; definition: string }[]>(`${sql} ORDER BY 1`);
  return new Map(
    rows.filter(({ name }) => !OF_OTHERS.test(name)).map(({ name, definition }) => [name, definition]),
  );
}
