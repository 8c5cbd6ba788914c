import { existsSync } from 'node:fs';
import Sqlite from 'better-sqlite3';

/** Every prompt that a SQLite file of a service holds; none of a file that is not there, or is encrypted. */
export function storedPrompts(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  const db = new Sqlite(path, { readonly: true });
  try {
    const rows = db.prepare<[], { prompt: string }>(
      'SELECT DISTINCT prompt FROM task_bodies WHERE prompt IS NOT NULL',
    );
    return rows.all().map(({ prompt }) => prompt);
  } catch (error) {
    const { code } = error as { readonly code?: unknown };
    if (code === 'SQLITE_NOTADB') return [];
    throw error;
  } finally {
    db.close();
  }
}
