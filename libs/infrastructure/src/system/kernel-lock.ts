import Database from 'better-sqlite3';

const OWNER_ONLY = 0o077;

/**
 * A lock that one process has at a time, and that ends with it, however that ends: the kernel's, on a small file, held
 * through SQLite's exclusive transaction on it. Nothing else in this process may open the file: POSIX drops a process's
 * locks on a file as soon as it closes any handle of it.
 */
export class KernelLock {
  /** A handle that nobody refers to is collected, which would end its lock: here somebody always does. */
  private static readonly held = new Set<Database.Database>();

  private constructor(private readonly handle: Database.Database) {}

  /** Takes the lock when nobody has it; the file is made when it is not there. @returns null when somebody has it */
  static tryAcquire(file: string): KernelLock | null {
    const handle = privately(() => new Database(file, { timeout: 0 }));
    try {
      // Nothing is ever written, so that there is nothing to roll back, nor a journal to be left behind.
      handle.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
    } catch (error) {
      handle.close();
      if (!isBusy(error)) throw error;
      return null;
    }
    KernelLock.held.add(handle);
    return new KernelLock(handle);
  }

  get isHeld(): boolean {
    return this.handle.open;
  }

  /** Lets the next process have it. The file stays: somebody may be waiting at it. */
  release(): void {
    if (!this.handle.open) return;
    this.handle.close();
    KernelLock.held.delete(this.handle);
  }
}

function privately<T>(open: () => T): T {
  const before = process.umask(OWNER_ONLY);
  try {
    return open();
  } finally {
    process.umask(before);
  }
}

function isBusy(error: unknown): boolean {
  const { code } = error as { readonly code?: unknown };
  return typeof code === 'string' && /^SQLITE_(BUSY|LOCKED)/.test(code);
}
