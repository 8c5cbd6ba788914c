import { statSync } from 'node:fs';
import { StoreUnavailable } from '@task/application';

/**
 * Looks whether a database is still where it was opened. SQLite does not: whoever removes or replaces its file, or the
 * log beside it, would have it go on writing to what nobody ever sees again.
 */
export class SqliteFile {
  private readonly file: string | null;
  /** Known from the first transaction on: SQLite makes it then. */
  private log: string | null = null;

  /** @param path of a database that has just been opened */
  constructor(private readonly path: string) {
    this.file = identityOf(path);
  }

  /** @throws StoreUnavailable when something else, or nothing, is there */
  requireInPlace(): void {
    const log = identityOf(`${this.path}-wal`);
    if (identityOf(this.path) !== this.file || (this.log !== null && log !== this.log))
      throw new StoreUnavailable('file_gone');
    this.log = log;
  }
}

function identityOf(path: string): string | null {
  const found = statSync(path, { throwIfNoEntry: false });
  return found === undefined ? null : `${found.dev} ${found.ino}`;
}
