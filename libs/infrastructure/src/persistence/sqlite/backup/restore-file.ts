import { chmodSync, chownSync, existsSync, linkSync, renameSync, rmSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import Sqlite from 'better-sqlite3';
import { flush, removeAll, SIDE_FILES } from '../durable-files';
import { cipherDriver } from '../encryption/cipher-driver';
import { unlock } from '../encryption/unlock';
import { prepare } from '../prepare';
import { BackupFailure } from './backup-failure';
import { copyFile, openToRead, requireWhole, type DatabaseFile, type OnBytes } from './copy-file';

/** What is to be restored. */
export interface Restoration {
  /** The database; this process must be its owner. It need not be there. */
  readonly path: string;
  readonly key: string | null;
  readonly backup: string;
  /** Names of the migrations that this release knows, oldest first. */
  readonly migrations: readonly string[];
  /** Where the file that is replaced is kept; null to give it up. */
  readonly aside: string | null;
}

/**
 * Puts a backup into the place of a database, in one step, when it is found to be whole and one of ours. Until then the
 * database is as it was.
 * @returns whether there was a file that was replaced
 * @throws BackupFailure, or the error of the system
 */
export async function restoreFile(restoration: Restoration, onBytes: OnBytes): Promise<boolean> {
  const { path, key, backup, migrations, aside } = restoration;
  if (!existsSync(backup)) throw new BackupFailure(`${backup} is not there`);
  if (aside !== null && existsSync(aside)) throw new BackupFailure(`${aside} is there already`);
  requireWhole({ path: backup, key });
  requireOurs({ path: backup, key }, migrations);
  const unfinished = `${path}.restoring`;
  removeAll(unfinished);
  await copyFile({ path: backup, key }, unfinished, onBytes);
  const replaces = existsSync(path);
  if (replaces) takeOver(path, unfinished);
  makeRoom({ path, key }, aside);
  renameSync(unfinished, path);
  flush(dirname(path));
  return replaces;
}

/** @throws BackupFailure for what is no backup of this program, or one of a newer release */
function requireOurs(file: DatabaseFile, known: readonly string[]): void {
  const db = openToRead(file);
  try {
    const sql = `SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'migrations'`;
    const ran =
      prepare(db, sql).get() === undefined
        ? []
        : prepare<[], { name: string }>(db, 'SELECT name FROM migrations ORDER BY id').all();
    const [first = ''] = known;
    if (ran[0]?.name !== first) throw new BackupFailure(`${file.path} holds no tasks of this program`);
    const newer = ran.find(({ name }) => !known.includes(name));
    if (newer === undefined) return;
    throw new BackupFailure(`${file.path} was made by a newer release (${newer.name}): use that one`);
  } finally {
    db.close();
  }
}

/** The new file belongs to whom the old one belonged. */
function takeOver(path: string, unfinished: string): void {
  const { mode, uid, gid } = statSync(path);
  chmodSync(unfinished, mode);
  if (process.getuid?.() === 0) chownSync(unfinished, uid, gid);
  flush(unfinished);
}

/** Nothing may be left beside the old file that SQLite would take for the new one's log. */
function makeRoom(file: DatabaseFile, aside: string | null): void {
  const { path } = file;
  if (existsSync(path)) foldLog(file);
  for (const suffix of SIDE_FILES) {
    if (!existsSync(path + suffix)) continue;
    if (aside === null) rmSync(path + suffix);
    else renameSync(path + suffix, aside + suffix);
  }
  if (aside !== null && existsSync(path)) keep(path, aside);
}

/** Brings what is in the log into the file. A file that cannot be read is kept as it is, with its log. */
function foldLog({ path, key }: DatabaseFile): void {
  let db: Sqlite.Database | null = null;
  try {
    db = new (key === null ? Sqlite : cipherDriver())(path);
    unlock(db, key);
    db.pragma('journal_mode = DELETE');
  } catch {
    // It is being replaced: this may well be the reason.
  } finally {
    db?.close();
  }
}

/** Under both names until the new file takes the first: there is a database at every moment. */
function keep(path: string, aside: string): void {
  try {
    linkSync(path, aside);
  } catch {
    renameSync(path, aside);
  }
}
