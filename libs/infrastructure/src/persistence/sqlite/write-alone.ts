import type Sqlite from 'better-sqlite3';

/**
 * Writes beside the lane, in a transaction of its own. A group's transaction lasts over promises, but never beyond the
 * turn of the event loop in which it began: at the start of another turn there is none that this could become part of.
 * @param write synchronous; what it throws rolls everything back
 */
export function writeAlone(db: Sqlite.Database, write: () => void): Promise<void> {
  return new Promise((resolve, reject) => {
    setImmediate(() => {
      try {
        db.transaction(write).immediate();
        resolve();
      } catch (error) {
        reject(error instanceof Error ? error : new Error(String(error)));
      }
    });
  });
}
