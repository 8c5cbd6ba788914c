import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { cipherDriver } from './cipher-driver';
import { convertFile } from './convert-file';
import { EncryptionFailure } from './encryption-failure';
import { fileKindOf, unlock } from './unlock';

const OLD_KEY = `it's "the" old key; --`;
const NEW_KEY = 'schlüssel 钥匙 number two';
const SECRET = 'a prompt that nobody else may read';

describe('a database file', () => {
  let folder: string;
  let path: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'encryption-'));
    path = join(folder, 'tasks.db');
    const db = new Sqlite(path);
    db.exec(`PRAGMA journal_mode = WAL;
      CREATE TABLE tasks (seq integer PRIMARY KEY, prompt text);
      CREATE TABLE "odd ""name" (a text, b integer, PRIMARY KEY (a, b)) WITHOUT ROWID;
      CREATE TABLE ran (id integer PRIMARY KEY AUTOINCREMENT, name text);
      CREATE TABLE parts (seq integer NOT NULL REFERENCES tasks (seq) ON DELETE CASCADE, bytes blob);
      CREATE INDEX tasks_by_prompt ON tasks (prompt) WHERE seq > 2;
      CREATE TRIGGER keeps BEFORE DELETE ON ran BEGIN SELECT raise(ABORT, 'append only'); END;
      WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
        INSERT INTO tasks SELECT i, '${SECRET} ' || i FROM n;
      INSERT INTO "odd ""name" VALUES ('x', 1), ('x', 2);
      INSERT INTO ran (name) VALUES ('first'), ('second');
      INSERT INTO parts VALUES (7, x'00ff');
      PRAGMA user_version = 7`);
    db.close();
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const opened = <T>(key: string | null, use: (db: Sqlite.Database) => T): T => {
    const db = new (cipherDriver())(path);
    try {
      unlock(db, key);
      return use(db);
    } finally {
      db.close();
    }
  };
  const content = (key: string | null): unknown =>
    opened(key, (db) => [
      db.prepare('SELECT type, name, sql FROM sqlite_schema ORDER BY type, name').all(),
      db.prepare('SELECT * FROM tasks').all(),
      db.prepare('SELECT * FROM "odd ""name"').all(),
      db.prepare('SELECT * FROM parts').all(),
      db.prepare('SELECT * FROM sqlite_sequence').all(),
      db.pragma('user_version'),
      db.pragma('integrity_check'),
    ]);
  const bytesOnDisk = (): Buffer =>
    Buffer.concat(readdirSync(folder).map((file) => readFileSync(join(folder, file))));

  it('is encrypted whole, with everything that was in it', () => {
    const before = content(null);
    expect(convertFile({ path, from: null, to: OLD_KEY })).toBe(true);
    expect(content(OLD_KEY)).toEqual(before);
    expect(fileKindOf(path)).toBe('sealed');
    expect(bytesOnDisk().includes(SECRET)).toBe(false);
    expect(readdirSync(folder)).toEqual(['tasks.db']);
  });

  it('gets another key, and is not opened by the old one any more', () => {
    const before = content(null);
    convertFile({ path, from: null, to: OLD_KEY });
    expect(convertFile({ path, from: OLD_KEY, to: NEW_KEY })).toBe(true);
    expect(content(NEW_KEY)).toEqual(before);
    expect(() => content(OLD_KEY)).toThrow('does not open it');
  });

  it('is plain text again when that is wanted', () => {
    const before = content(null);
    convertFile({ path, from: null, to: OLD_KEY });
    expect(convertFile({ path, from: OLD_KEY, to: null })).toBe(true);
    expect(content(null)).toEqual(before);
    expect(fileKindOf(path)).toBe('plain');
  });

  it('is left alone when it has the new key already', () => {
    convertFile({ path, from: null, to: OLD_KEY });
    const { mtimeMs } = statSync(path);
    expect(convertFile({ path, from: null, to: OLD_KEY })).toBe(false);
    expect(statSync(path).mtimeMs).toBe(mtimeMs);
  });

  it('keeps who may read it', () => {
    chmodSync(path, 0o640);
    convertFile({ path, from: null, to: OLD_KEY });
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  it('is not held up by what a crash has left of an earlier attempt', () => {
    writeFileSync(`${path}.converting`, 'half a database');
    writeFileSync(`${path}.converting-journal`, 'half a journal');
    expect(convertFile({ path, from: null, to: OLD_KEY })).toBe(true);
    expect(readdirSync(folder)).toEqual(['tasks.db']);
  });

  it('takes what still was in the write-ahead log of a killed process along', () => {
    const db = new Sqlite(path);
    db.exec(`INSERT INTO tasks VALUES (5000, 'late')`);
    const wal = readFileSync(`${path}-wal`);
    const main = readFileSync(path);
    db.close();
    writeFileSync(path, main);
    writeFileSync(`${path}-wal`, wal);
    convertFile({ path, from: null, to: OLD_KEY });
    expect(
      opened(OLD_KEY, (again) => again.prepare('SELECT prompt FROM tasks WHERE seq = 5000').get()),
    ).toEqual({
      prompt: 'late',
    });
    expect(existsSync(`${path}-wal`)).toBe(false);
  });

  it('is left as it was when its key is another one', () => {
    convertFile({ path, from: null, to: OLD_KEY });
    const before = readFileSync(path);
    expect(() => convertFile({ path, from: NEW_KEY, to: 'yet another key' })).toThrow(EncryptionFailure);
    expect(readFileSync(path).equals(before)).toBe(true);
    expect(readdirSync(folder)).toEqual(['tasks.db']);
  });

  it('is left as it was when it is damaged', () => {
    const damaged = readFileSync(path);
    damaged.fill(0xff, 8192, 16_384);
    writeFileSync(path, damaged);
    expect(() => convertFile({ path, from: null, to: OLD_KEY })).toThrow();
    expect(readFileSync(path).subarray(8192).equals(damaged.subarray(8192))).toBe(true);
    expect(existsSync(`${path}.converting`)).toBe(false);
  });

  it('cannot be converted before it is there', () => {
    rmSync(path);
    expect(() => convertFile({ path, from: null, to: OLD_KEY })).toThrow('there is nothing in it yet');
    expect(existsSync(path)).toBe(false);
  });
});

describe('a key', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'encryption-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  const make = (key: string | null): string => {
    const path = join(folder, 'tasks.db');
    const db = new (cipherDriver())(path);
    unlock(db, key);
    db.exec('CREATE TABLE t (x)');
    db.close();
    return path;
  };
  const attempt =
    (path: string, key: string | null): (() => void) =>
    () => {
      const db = new (cipherDriver())(path);
      try {
        unlock(db, key);
      } finally {
        db.close();
      }
    };

  it('has a message of its own for everything that can be wrong with it', () => {
    const sealed = make(OLD_KEY);
    expect(attempt(sealed, NEW_KEY)).toThrow(/does not open it: it was encrypted with another key/);
    expect(attempt(sealed, null)).toThrow(/it is encrypted, or no SQLite file: set DATABASE_ENCRYPTION_KEY/);
    expect(attempt(sealed, OLD_KEY)).not.toThrow();
    rmSync(sealed);
    const plain = make(null);
    expect(attempt(plain, OLD_KEY)).toThrow(/it is not encrypted, though DATABASE_ENCRYPTION_KEY is set/);
    const load = (): never => {
      throw Object.assign(new Error("Cannot find module 'x'"), { code: 'MODULE_NOT_FOUND' });
    };
    expect(() => cipherDriver(load)).toThrow(
      /needs the package better-sqlite3-multiple-ciphers.*npm install/,
    );
  });

  it('never stands in a message', () => {
    const sealed = make(OLD_KEY);
    expect(attempt(sealed, NEW_KEY)).toThrow(
      expect.not.objectContaining({ message: expect.stringContaining(NEW_KEY) }),
    );
  });
});
