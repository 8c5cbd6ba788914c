import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { StoreUnavailable } from '@task/application';
import { TaskNotFound } from '@task/domain';
import { sqliteFault } from './sqlite-faults';

const coded = (code: string): Error => Object.assign(new Error(`failed with ${code}`), { code });

describe('sqliteFault', () => {
  it.each<[string, string, string]>([
    ['overloaded', 'SQLITE_BUSY', 'another process writes'],
    ['overloaded', 'SQLITE_BUSY_SNAPSHOT', 'another process wrote'],
    ['overloaded', 'SQLITE_LOCKED', 'another connection holds the table'],
    ['no_space', 'SQLITE_FULL', 'the disk is full'],
    ['unknown', 'SQLITE_IOERR_WRITE', 'a write failed'],
    ['unknown', 'SQLITE_IOERR_FSYNC', 'a flush failed'],
    ['unknown', 'SQLITE_CANTOPEN', 'the file cannot be opened'],
    ['unknown', 'SQLITE_READONLY_DBMOVED', 'the file is another one'],
    ['unknown', 'SQLITE_CORRUPT', 'the file is damaged'],
    ['unknown', 'SQLITE_NOTADB', 'the file is something else'],
    ['unknown', 'SQLITE_NOMEM', 'there is no memory'],
    ['unknown', 'SQLITE_PROTOCOL', 'the locks were too slow'],
  ])('is %s for %s: %s', (fault, code) => {
    const error = coded(code);
    expect(sqliteFault(error)).toMatchObject({ fault, cause: error });
  });

  it.each([
    ['a unique key that is taken', coded('SQLITE_CONSTRAINT_UNIQUE')],
    ['a wrong statement', coded('SQLITE_ERROR')],
    ['a code that only holds one of them', coded('NOT_SQLITE_BUSY')],
    ['a refusal', new TaskNotFound('x')],
    ['an error of ours', new Error('task x was changed behind the store’s back')],
    ['no error', undefined],
    ['no error either', 'SQLITE_BUSY'],
  ])('is none for %s', (_, error) => {
    expect(sqliteFault(error)).toBeNull();
  });

  it('leaves a fault as it is', () => {
    const fault = new StoreUnavailable('closing');
    expect(sqliteFault(fault)).toBe(fault);
  });

  describe('knows what SQLite itself says', () => {
    let folder: string;
    let path: string;

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'faults-'));
      path = join(folder, 'tasks.db');
    });

    afterEach(() => {
      rmSync(folder, { recursive: true });
    });

    const errorOf = (run: () => unknown): unknown => {
      try {
        return run();
      } catch (error) {
        return error;
      }
    };

    it('when the file is locked', () => {
      const [first, second] = [new Sqlite(path), new Sqlite(path, { timeout: 0 })];
      first.exec('CREATE TABLE t (x); BEGIN IMMEDIATE');
      const error = errorOf(() => second.exec('BEGIN IMMEDIATE'));
      first.close();
      second.close();
      expect(sqliteFault(error)).toMatchObject({ fault: 'overloaded' });
    });

    it('when there is no room left', () => {
      const db = new Sqlite(path);
      db.exec('CREATE TABLE t (x)');
      db.pragma('max_page_count = 2');
      const error = errorOf(() => db.prepare('INSERT INTO t VALUES (?)').run('x'.repeat(100_000)));
      db.close();
      expect(sqliteFault(error)).toMatchObject({ fault: 'no_space' });
    });
  });
});
