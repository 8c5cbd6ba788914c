import { chmodSync, chownSync, renameSync, statSync } from 'node:fs';
import { dirname } from 'node:path';
import type Sqlite from 'better-sqlite3';
import { flush, removeAll } from '../durable-files';
import { cipherDriver } from './cipher-driver';
import { copyDatabase, rowsByTable, schemaOf } from './copy-database';
import { EncryptionFailure } from './encryption-failure';
import { fileKindOf, giveKey, unlock } from './unlock';

/** How a file is to be converted; null stands for plain text. */
export interface Conversion {
  /** The database; this process must be its owner. */
  readonly path: string;
  readonly from: string | null;
  readonly to: string | null;
}

/**
 * Writes the whole database into a new file under the new key, checks it, and puts it into the place of the old one in
 * one step. Until then the old file is as it was; what a crash leaves of the new one is removed the next time.
 * @returns false when the file has the new key already, as after a crash behind the last step
 * @throws EncryptionFailure
 */
export function convertFile({ path, from, to }: Conversion): boolean {
  if (fileKindOf(path) === 'empty') throw new EncryptionFailure('there is nothing in it yet');
  if (isOpenedBy(path, to)) return false;
  const unfinished = `${path}.converting`;
  removeAll(unfinished);
  const source = open(path, from);
  try {
    // Nothing may be left in a log that would then lie beside the new file.
    source.pragma('journal_mode = DELETE');
    write(unfinished, to, path, from);
    check(unfinished, to, source);
  } catch (error) {
    removeAll(unfinished);
    throw error;
  } finally {
    source.close();
  }
  putInPlace(unfinished, path);
  return true;
}

function isOpenedBy(path: string, key: string | null): boolean {
  try {
    open(path, key).close();
    return true;
  } catch (error) {
    if (error instanceof EncryptionFailure) return false;
    throw error;
  }
}

function open(path: string, key: string | null): Sqlite.Database {
  const db = new (cipherDriver())(path);
  try {
    unlock(db, key);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

function write(path: string, key: string | null, source: string, sourceKey: string | null): void {
  const db = new (cipherDriver())(path);
  try {
    giveKey(db, key);
    copyDatabase(db, source, sourceKey);
  } finally {
    db.close();
  }
}

/** Reads the new file as the service would. */
function check(path: string, key: string | null, source: Sqlite.Database): void {
  const made = open(path, key);
  try {
    const verdict = made.pragma('integrity_check', { simple: true });
    const isWhole =
      verdict === 'ok' &&
      JSON.stringify(schemaOf(made)) === JSON.stringify(schemaOf(source)) &&
      JSON.stringify(rowsByTable(made)) === JSON.stringify(rowsByTable(source));
    if (!isWhole) throw new EncryptionFailure('the copy is not what the file is; nothing was changed');
  } finally {
    made.close();
  }
}

/** The new file belongs to whom the old one belonged, and is on disk before it takes its name. */
function putInPlace(unfinished: string, path: string): void {
  const { mode, uid, gid } = statSync(path);
  chmodSync(unfinished, mode);
  if (process.getuid?.() === 0) chownSync(unfinished, uid, gid);
  flush(unfinished);
  renameSync(unfinished, path);
  flush(dirname(path));
}
