import {
  appendFileSync,
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
import type Sqlite from 'better-sqlite3';
import { cipherDriver } from '../encryption/cipher-driver';
import { fileKindOf, unlock } from '../encryption/unlock';
import { BackupFailure } from './backup-failure';
import { backupFile } from './backup-file';
import { restoreFile } from './restore-file';

const KEY = `it's "the" key; 钥匙`;
const KNOWN = ['First1', 'Second2'];
const nobody = (): void => undefined;

describe.each([
  ['of plain text', null],
  ['that is encrypted', KEY],
])('a database %s', (_, key) => {
  let folder: string;
  let path: string;
  let copy: string;
  let db: Sqlite.Database;

  const opened = (file: string): Sqlite.Database => {
    const made = new (cipherDriver())(file);
    unlock(made, key);
    return made;
  };
  const rowsOf = (file: string): number => {
    const own = opened(file);
    const { rows } = own.prepare<[], { rows: number }>('SELECT count(*) AS rows FROM notes').get() ?? {
      rows: -1,
    };
    expect(own.pragma('integrity_check', { simple: true })).toBe('ok');
    own.close();
    return rows;
  };
  const add = (count: number): void => {
    const insert = db.prepare('INSERT INTO notes (text) VALUES (?)');
    for (let row = 0; row < count; row += 1) insert.run('x'.repeat(500));
  };
  const restore = (backup = copy, aside: string | null = `${path}.aside`): Promise<boolean> =>
    restoreFile({ path, key, backup, migrations: KNOWN, aside }, nobody);

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'backup-'));
    path = join(folder, 'tasks.db');
    copy = join(folder, 'copy.db');
    const made = new (cipherDriver())(path);
    if (key !== null) {
      made.close();
      db = opened(path);
    } else db = made;
    db.exec(`PRAGMA journal_mode = WAL;
      CREATE TABLE migrations (id integer PRIMARY KEY, name text);
      INSERT INTO migrations (name) VALUES ('First1');
      CREATE TABLE notes (id integer PRIMARY KEY, text text)`);
    add(100);
  });
  afterEach(() => {
    db.close();
    rmSync(folder, { recursive: true });
  });

  it('is backed up whole, what is only in its log too, while it is in use', async () => {
    const told: [number, number][] = [];
    const done = backupFile({ path, key }, copy, (...bytes) => told.push(bytes));
    add(1);
    await done;
    add(50);
    expect([100, 101]).toContain(rowsOf(copy));
    expect(statSync(copy).mode & 0o777).toBe(0o600);
    expect(fileKindOf(copy)).toBe(key === null ? 'plain' : 'sealed');
    const [written, total] = told.at(-1) ?? [0, -1];
    expect(written).toBe(total);
    expect(readdirSync(folder).filter((name) => name.includes('partial'))).toEqual([]);
  });

  it('never has a backup put over anything', async () => {
    writeFileSync(copy, 'mine');
    await expect(backupFile({ path, key }, copy, nobody)).rejects.toThrow(
      /there already; nothing was written/,
    );
    expect(readFileSync(copy, 'utf8')).toBe('mine');
  });

  it('leaves nothing behind of a backup that cannot be written', async () => {
    await expect(backupFile({ path, key }, join(folder, 'no/copy.db'), nobody)).rejects.toThrow(/ENOENT/);
    await expect(backupFile({ path: join(folder, 'none.db'), key }, copy, nobody)).rejects.toThrow(
      /is not there/,
    );
    expect(existsSync(copy)).toBe(false);
  });

  it('is restored as it was, and what was there is kept beside it', async () => {
    await backupFile({ path, key }, copy, nobody);
    add(7);
    db.close();
    expect(await restore()).toBe(true);
    expect([rowsOf(path), rowsOf(`${path}.aside`), rowsOf(copy)]).toEqual([100, 107, 100]);
  });

  it('is restored where there is nothing', async () => {
    await backupFile({ path, key }, copy, nobody);
    db.close();
    rmSync(path);
    expect(await restore()).toBe(false);
    expect(rowsOf(path)).toBe(100);
    expect(existsSync(`${path}.aside`)).toBe(false);
  });

  it('gives up what was there when asked to', async () => {
    await backupFile({ path, key }, copy, nobody);
    db.close();
    await restore(copy, null);
    expect(readdirSync(folder).sort()).toEqual(['copy.db', 'tasks.db']);
  });

  it('is not mixed with the log that a killed process has left', async () => {
    await backupFile({ path, key }, copy, nobody);
    add(30);
    const log = readFileSync(`${path}-wal`);
    db.close();
    writeFileSync(path, 'torn');
    writeFileSync(`${path}-wal`, log);
    expect(await restore()).toBe(true);
    expect(rowsOf(path)).toBe(100);
    expect(readFileSync(`${path}.aside`, 'utf8')).toBe('torn');
    expect(readFileSync(`${path}.aside-wal`).equals(log)).toBe(true);
  });

  describe('stays as it is when the backup', () => {
    const refused = async (reason: RegExp): Promise<void> => {
      await expect(restore()).rejects.toThrow(reason);
      await expect(restore()).rejects.toThrow(BackupFailure);
      expect(rowsOf(path)).toBe(100);
      expect(readdirSync(folder).filter((name) => /aside|restoring/.test(name))).toEqual([]);
    };

    it('was made with another key', async () => {
      await backupFile({ path, key }, copy, nobody);
      const other = { path, key: key === null ? KEY : null, backup: copy, migrations: KNOWN, aside: null };
      await expect(restoreFile(other, nobody)).rejects.toThrow(/DATABASE_ENCRYPTION_KEY/);
      expect(rowsOf(path)).toBe(100);
    });

    it('is damaged', async () => {
      await backupFile({ path, key }, copy, nobody);
      const bytes = readFileSync(copy);
      bytes.fill(7, 4096 * 3 + 100, 4096 * 6);
      writeFileSync(copy, bytes);
      await refused(/damaged/);
    });

    // To open an encrypted file takes long, and these do not depend on it.
    if (key !== null) return;

    it('is not there', () => refused(/copy\.db is not there/));

    it('is no database', async () => {
      writeFileSync(copy, 'x'.repeat(9000));
      await refused(/copy\.db: /);
    });

    it('is empty', async () => {
      appendFileSync(copy, '');
      await refused(/empty|holds no tasks/);
    });

    it('is a database of something else', async () => {
      db.exec('ALTER TABLE migrations RENAME TO others');
      await backupFile({ path, key }, copy, nobody);
      await refused(/holds no tasks of this program/);
    });

    it('was made by a newer release', async () => {
      db.exec(`INSERT INTO migrations (name) VALUES ('Second2'), ('Third3')`);
      await backupFile({ path, key }, copy, nobody);
      await refused(/made by a newer release \(Third3\)/);
    });
  });
});
