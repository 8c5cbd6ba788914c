import { closeSync, fsyncSync, openSync, rmSync } from 'node:fs';

/** What SQLite writes beside a database, by what is behind its name. */
export const SIDE_FILES = ['-wal', '-shm', '-journal'];

/** Brings a file, or what a folder holds, to disk. */
export function flush(path: string): void {
  // A folder cannot be opened on Windows, and need not be.
  if (process.platform === 'win32') return;
  const file = openSync(path, 'r');
  try {
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Removes a database with all that lies beside it. */
export function removeAll(path: string): void {
  for (const suffix of ['', ...SIDE_FILES]) rmSync(path + suffix, { force: true });
}
