import { closeSync, openSync, statSync } from 'node:fs';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { extname, join } from 'node:path';
import { Worker } from 'node:worker_threads';
import Sqlite from 'better-sqlite3';
import { flush, removeAll } from '../durable-files';
import { CIPHER_PACKAGE, cipherDriver } from '../encryption/cipher-driver';
import { EncryptionFailure } from '../encryption/encryption-failure';
import { fileKindOf, unlock } from '../encryption/unlock';
import { BackupFailure } from './backup-failure';

/** A database in a file, and the key to it, or null. */
export interface DatabaseFile {
  readonly path: string;
  readonly key: string | null;
}

/** Is told how many bytes of how many are written. */
export type OnBytes = (done: number, total: number) => void;

/** What the thread is given that copies. */
export interface VacuumOrder {
  /** Where the package is that opens the file. */
  readonly driver: string;
  readonly path: string;
  readonly key: string | null;
  /** A file that is there, and empty. */
  readonly to: string;
}

const THREAD = join(__dirname, `vacuum-thread${extname(__filename) === '.ts' ? '.mts' : '.mjs'}`);
const OWNER_ONLY = 0o600;
const LOOK_MS = 200;

/** Opens a file to read it. @throws BackupFailure when it does not go with its key */
export function openToRead({ path, key }: DatabaseFile): Sqlite.Database {
  const Driver = key === null ? Sqlite : cipherDriver();
  const db = new Driver(path, { readonly: true, fileMustExist: true, timeout: 5_000 });
  try {
    unlock(db, key);
    return db;
  } catch (error) {
    db.close();
    if (!(error instanceof EncryptionFailure)) throw error;
    throw new BackupFailure(`${path}: ${error.message}`, { cause: error });
  }
}

/**
 * Copies a database, which others may go on writing to, as it is at one moment: into a new file that only its owner
 * can read, under the same key. The copy is whole, and on disk, or it is not there.
 * @throws BackupFailure, or the error of the system
 */
export async function copyFile(source: DatabaseFile, to: string, onBytes: OnBytes): Promise<void> {
  const total = bytesOf(source);
  closeSync(openSync(to, 'wx', OWNER_ONLY));
  const clean = (): void => removeAll(to);
  process.once('exit', clean);
  onBytes(0, total);
  const watch = setInterval(() => onBytes(Math.min(total, statSync(to).size), total), LOOK_MS);
  try {
    await vacuum(source, to);
    requireWhole({ path: to, key: source.key });
    flush(to);
    onBytes(total, total);
  } catch (error) {
    clean();
    throw error;
  } finally {
    clearInterval(watch);
    process.off('exit', clean);
  }
}

/** @throws BackupFailure for a file that SQLite does not find whole */
export function requireWhole(file: DatabaseFile): void {
  const db = openToRead(file);
  try {
    const verdict = String(db.pragma('integrity_check(1)', { simple: true }));
    if (verdict !== 'ok') throw new BackupFailure(`${file.path} is damaged: ${verdict}`);
  } catch (error) {
    if (!isNoDatabase(error)) throw error;
    throw new BackupFailure(`${file.path} is damaged, or no SQLite file`, { cause: error });
  } finally {
    db.close();
  }
}

/** What the copy will have, about. */
function bytesOf(file: DatabaseFile): number {
  if (fileKindOf(file.path) === 'empty') throw new BackupFailure(`${file.path} is not there, or is empty`);
  const db = openToRead(file);
  try {
    const figure = (name: string): number => Number(db.pragma(name, { simple: true }));
    return (figure('page_count') - figure('freelist_count')) * figure('page_size');
  } catch (error) {
    if (!isNoDatabase(error)) throw error;
    throw new BackupFailure(`${file.path} is damaged, or no SQLite file`, { cause: error });
  } finally {
    db.close();
  }
}

/** In a thread of its own, so that somebody can tell how far it is, and stop it. */
async function vacuum({ path, key }: DatabaseFile, to: string): Promise<void> {
  const driver = createRequire(__filename).resolve(key === null ? 'better-sqlite3' : CIPHER_PACKAGE);
  const order: VacuumOrder = { driver, path, key, to };
  await once(new Worker(THREAD, { workerData: order }), 'exit');
}

function isNoDatabase(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return code === 'SQLITE_NOTADB' || (typeof code === 'string' && code.startsWith('SQLITE_CORRUPT'));
}
