import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';

/** What SQLite says of a file that is encrypted, or damaged. */
const UNREADABLE: readonly unknown[] = ['SQLITE_NOTADB', 'SQLITE_CORRUPT'];

/**
 * Every prompt that a SQLite file of a service holds; none of a file that is not there, is encrypted or damaged. Looks at a
 * copy: whoever opens a file may leave others beside it.
 */
export function storedPrompts(path: string): readonly string[] {
  if (!existsSync(path)) return [];
  const folder = mkdtempSync(join(tmpdir(), 'prompts-'));
  const copy = join(folder, 'tasks.db');
  copyFileSync(path, copy);
  if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`);
  try {
    return promptsIn(copy);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function promptsIn(path: string): readonly string[] {
  const db = new Sqlite(path);
  try {
    const rows = db.prepare<[], { prompt: string }>(
      'SELECT DISTINCT prompt FROM task_bodies WHERE prompt IS NOT NULL',
    );
    return rows.all().map(({ prompt }) => prompt);
  } catch (error) {
    if (UNREADABLE.includes((error as { readonly code?: unknown }).code)) return [];
    throw error;
  } finally {
    db.close();
  }
}
