import { closeSync, openSync, readSync } from 'node:fs';
import type Sqlite from 'better-sqlite3';
import type { CipherDatabase } from './cipher-driver';
import { EncryptionFailure, KEY_SETTING } from './encryption-failure';

/** What a file is by its first bytes: those of an encrypted one look like anything. */
export type FileKind = 'empty' | 'plain' | 'sealed';

const PLAIN_HEADER = 'SQLite format 3\0';

/**
 * Looks at a file; one that is not there counts as empty. Never at one that a connection of this process is at work on:
 * POSIX drops a process's locks on a file as soon as it closes any handle of it, and then any other program may take
 * SQLite's log for one that nobody needs.
 */
export function fileKindOf(path: string): FileKind {
  const header = Buffer.alloc(PLAIN_HEADER.length);
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return 'empty';
    throw error;
  }
  try {
    if (readSync(file, header, 0, header.length, 0) === 0) return 'empty';
  } finally {
    closeSync(file);
  }
  return header.toString('latin1') === PLAIN_HEADER ? 'plain' : 'sealed';
}

/**
 * Gives a connection the key to its file, in the format of SQLCipher 4, and reads from it. To be called before anything
 * else is done with the connection.
 * @param key null for a file that is not encrypted
 * @throws EncryptionFailure that tells which of the two does not fit the other, and what to do
 */
export function unlock(db: Sqlite.Database, key: string | null): void {
  const kind = fileKindOf(db.name);
  if (key === null) {
    if (kind === 'sealed')
      throw new EncryptionFailure(`it is encrypted, or no SQLite file: set ${KEY_SETTING} to its key`);
    return;
  }
  if (kind === 'plain') {
    throw new EncryptionFailure(
      `it is not encrypted, though ${KEY_SETTING} is set: stop the service and run "task-orchestrator encrypt", or unset the key`,
    );
  }
  giveKey(db, key);
  requireReadable(db);
}

/**
 * Gives the key to one more connection of this process, whose first one has been unlocked with it: the file is not
 * looked at.
 */
export function unlockFurther(db: Sqlite.Database, key: string | null): void {
  if (key === null) return;
  giveKey(db, key);
  requireReadable(db);
}

/** Sets the format of a connection and its key, if there is one; what it attaches has the same format. */
export function giveKey(db: Sqlite.Database, key: string | null): void {
  db.pragma(`cipher = 'sqlcipher'`);
  db.pragma('legacy = 4');
  if (key !== null) (db as CipherDatabase).key(Buffer.from(key, 'utf8'));
}

function requireReadable(db: Sqlite.Database): void {
  try {
    db.pragma('schema_version');
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== 'SQLITE_NOTADB') throw error;
    throw new EncryptionFailure(
      `${KEY_SETTING} does not open it: it was encrypted with another key, or is no SQLite file`,
      { cause: error },
    );
  }
}
