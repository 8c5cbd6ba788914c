import { StoreUnavailable } from '@task/application';

/** Codes of SQLite that say the database could not do it, rather than that the statement was wrong. */
const BUSY = /^SQLITE_(BUSY|LOCKED)/;
/** A transaction that finds no room has been taken back. */
const FULL = 'SQLITE_FULL';
const BROKEN = /^SQLITE_(IOERR|CANTOPEN|READONLY|CORRUPT|NOTADB|NOMEM|PROTOCOL)/;

/** What an error of SQLite means to a caller, or null when it is a mistake of ours. */
export function sqliteFault(error: unknown): StoreUnavailable | null {
  if (error instanceof StoreUnavailable) return error;
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  if (BUSY.test(code)) return new StoreUnavailable('overloaded', { cause: error });
  if (code === FULL) return new StoreUnavailable('no_space', { cause: error });
  return BROKEN.test(code) ? new StoreUnavailable('unknown', { cause: error }) : null;
}
