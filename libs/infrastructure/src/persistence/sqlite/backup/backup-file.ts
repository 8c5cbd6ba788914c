import { existsSync, linkSync, renameSync, rmSync } from 'node:fs';
import { dirname } from 'node:path';
import { flush } from '../durable-files';
import { BackupFailure } from './backup-failure';
import { copyFile, type DatabaseFile, type OnBytes } from './copy-file';

/**
 * Writes a backup of a database that may be in use. It appears under its name when it is whole, and never replaces
 * anything.
 * @throws BackupFailure, or the error of the system
 */
export async function backupFile(source: DatabaseFile, to: string, onBytes: OnBytes): Promise<void> {
  if (existsSync(to)) throw new BackupFailure(`${to} is there already; nothing was written`);
  const unfinished = `${to}.${process.pid}.partial`;
  await copyFile(source, unfinished, onBytes);
  takeName(unfinished, to);
  flush(dirname(to));
}

/** A link does not replace what came there meanwhile; not every file system has any. */
function takeName(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EEXIST') {
      rmSync(from);
      throw new BackupFailure(`${to} is there already; nothing was written`, { cause: error });
    }
    renameSync(from, to);
    return;
  }
  rmSync(from);
}
