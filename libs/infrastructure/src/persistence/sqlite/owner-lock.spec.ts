import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { DatabaseHasOwner, OwnerLock } from './owner-lock';
import { readRecord } from './owner-lock-record';

describe('OwnerLock', () => {
  let folder: string;
  let held: OwnerLock[];

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'owner-')));
    held = [];
  });

  afterEach(() => {
    held.forEach((lock) => lock.release());
    rmSync(folder, { recursive: true });
  });

  async function acquire(path: string): Promise<OwnerLock> {
    const lock = await OwnerLock.acquire(path);
    held.push(lock);
    return lock;
  }

  const modeOf = (path: string): number => statSync(path).mode & 0o777;

  it('lets one have the database, and tells the next who has it', async () => {
    const path = join(folder, 'tasks.db');
    (await acquire(path)).announce(['http://127.0.0.1:8080'], null);

    await expect(acquire(path)).rejects.toThrow(DatabaseHasOwner);
    await expect(acquire(path)).rejects.toThrow(
      new RegExp(
        `tasks\\.db is in use by process ${process.pid} on ${hostname()}, http://127\\.0\\.0\\.1:8080`,
      ),
    );
  });

  it('can be taken again when it was released, also twice', async () => {
    const path = join(folder, 'tasks.db');
    const first = await acquire(path);
    first.release();
    const second = await acquire(path);
    first.release();

    await expect(acquire(path)).rejects.toThrow(DatabaseHasOwner);
    expect(second.databasePath).toBe(path);
  });

  it('stays held when another attempt on it has failed', async () => {
    const path = join(folder, 'tasks.db');
    await acquire(path);

    await expect(acquire(path)).rejects.toThrow(DatabaseHasOwner);
    await expect(acquire(path)).rejects.toThrow(DatabaseHasOwner);
  });

  it('stays held when nobody refers to it any more', async () => {
    const path = join(folder, 'tasks.db');
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    await OwnerLock.acquire(path);

    // What this turn of the event loop has touched is still referred to.
    await nextTurn();
    collectGarbage();
    await nextTurn();

    await expect(acquire(path)).rejects.toThrow(DatabaseHasOwner);
  });

  it('makes the folder, for the owner only', async () => {
    await acquire(join(folder, 'deep/data/tasks.db'));

    expect(modeOf(join(folder, 'deep'))).toBe(0o700);
    expect(modeOf(join(folder, 'deep/data'))).toBe(0o700);
    expect(modeOf(join(folder, 'deep/data/tasks.db.lock'))).toBe(0o600);
  });

  it('says who it is in a file for the owner only, until it is released', async () => {
    const path = join(folder, 'tasks.db');
    const lock = await acquire(path);
    const before = readRecord(path);
    lock.announce(['http://127.0.0.1:8080'], `${path}.sock`);

    expect(before).toEqual({
      pid: process.pid,
      hostName: hostname(),
      since: expect.any(String),
      urls: [],
      socketPath: null,
    });
    expect(readRecord(path)).toEqual({
      ...before,
      urls: ['http://127.0.0.1:8080'],
      socketPath: `${path}.sock`,
    });
    expect(modeOf(`${path}.owner.json`)).toBe(0o600);

    lock.release();
    expect(readRecord(path)).toBeNull();
  });

  it('is one lock for every name of the same file', async () => {
    mkdirSync(join(folder, 'real'));
    writeFileSync(join(folder, 'real/tasks.db'), '');
    symlinkSync('real', join(folder, 'folder-link'));
    symlinkSync('real/tasks.db', join(folder, 'file-link.db'));

    const lock = await acquire(join(folder, 'file-link.db'));

    expect(lock.databasePath).toBe(join(folder, 'real/tasks.db'));
    await expect(acquire(join(folder, 'real/tasks.db'))).rejects.toThrow(DatabaseHasOwner);
    await expect(acquire(join(folder, 'folder-link/tasks.db'))).rejects.toThrow(DatabaseHasOwner);
  });

  it('follows a link to a file that does not exist yet', async () => {
    symlinkSync('later/tasks.db', join(folder, 'link.db'));

    expect((await acquire(join(folder, 'link.db'))).databasePath).toBe(join(folder, 'later/tasks.db'));
  });

  it('does not believe the record of an owner that was killed', async () => {
    const path = join(folder, 'tasks.db');
    await acquire(path);
    const beyondEveryPid = 2 ** 22 + 1;
    writeFileSync(
      `${path}.owner.json`,
      JSON.stringify({
        pid: beyondEveryPid,
        hostName: hostname(),
        since: 'then',
        urls: [],
        socketPath: null,
      }),
    );

    await expect(acquire(path)).rejects.toThrow(/is in use by another process;/);
  });

  it('knows what an owner that was killed has left', async () => {
    const path = join(folder, 'tasks.db');
    const left = { pid: 1, hostName: 'gone', since: 'then', urls: [], socketPath: 'left.sock' };
    writeFileSync(`${path}.owner.json`, JSON.stringify(left));

    expect((await acquire(path)).predecessor).toEqual(left);
    held[0]?.release();
    expect((await acquire(path)).predecessor).toBeNull();
  });

  it.each(['', '{', '[]', '{"pid":"x"}', 'null'])('takes %j for no record', (text) => {
    const path = join(folder, 'tasks.db');
    writeFileSync(`${path}.owner.json`, text);

    expect(readRecord(path)).toBeNull();
  });

  it('tells what is wrong when the folder cannot be used', async () => {
    writeFileSync(join(folder, 'file'), '');

    await expect(acquire(join(folder, 'file/tasks.db'))).rejects.toThrow(/ENOTDIR|EEXIST/);
  });

  it('keeps nothing beside the database but its lock and its record', async () => {
    await acquire(join(folder, 'tasks.db'));

    expect(readdirSync(folder).sort()).toEqual(['tasks.db.lock', 'tasks.db.owner.json']);
  });

  it('leaves the record readable by other programs', async () => {
    const path = join(folder, 'tasks.db');
    await acquire(path);

    expect(JSON.parse(readFileSync(`${path}.owner.json`, 'utf8'))).toMatchObject({ pid: process.pid });
  });
});
