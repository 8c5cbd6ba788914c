import { spawnSync } from 'node:child_process';
import {
  closeSync,
  cpSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BuiltServer, runToEnd, type Environment, type Finished } from '../../support/built-server';
import { itNeeding, missingProgram } from '../../support/it-needing';
import { linesOf } from './lines-of';
import { Load, SEED, UNLIMITED } from './load';
import { LoopDisk, missingMounts } from './loop-disk';

const PAGE = 4_096;
const KEY = { DATABASE_ENCRYPTION_KEY: 'the key of this very file' };

describe(`a service whose file cannot be used at its start`, () => {
  /** Left by a service that worked. */
  let template: string;
  let encrypted: string;
  let folder: string;

  beforeAll(async () => {
    [template, encrypted] = [await worked({}), await worked(KEY)];
  });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'broken-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  afterAll(() => {
    for (const made of [template, encrypted]) rmSync(made, { recursive: true });
  });

  async function worked(env: Environment): Promise<string> {
    const made = mkdtempSync(join(tmpdir(), 'worked-'));
    const server = await BuiltServer.start(env, made);
    const task = { work_directory: '/srv/project', prompt: 'Be here later.' };
    await server.request('/api/v1/tasks/batch', { json: { tasks: Array.from({ length: 100 }, () => task) } });
    await server.stop();
    return made;
  }

  const file = (): string => join(folder, 'data/tasks.db');
  const overwrite = (page: number, pages: number): void => {
    const opened = openSync(file(), 'r+');
    writeSync(opened, Buffer.alloc(pages * PAGE, 0xa5), 0, pages * PAGE, page * PAGE);
    closeSync(opened);
  };
  const serve = (env: Environment = {}, where = folder): Promise<Finished> => runToEnd(where, ['serve'], env);

  it.each<[string, () => void, RegExp]>([
    ['its beginning is overwritten', () => overwrite(0, 1), /it is encrypted, or no SQLite file/],
    ['its tables are overwritten', () => overwrite(1, 40), /malformed \(SQLITE_CORRUPT\)/],
    ['it is cut short', () => truncateSync(file(), 9_000), /malformed \(SQLITE_CORRUPT\)/],
  ])('says so and ends when %s', async (_, damage, says) => {
    cpSync(template, folder, { recursive: true });
    damage();
    const { code, errors } = await serve();
    expect([code, errors]).toEqual([1, expect.stringMatching(says)]);
    expect(errors).toContain(`cannot use the database ${file()}`);
    expect(errors.trim().split('\n')).toHaveLength(1);
  });

  it('says so and ends when its key is another one, or none', async () => {
    cpSync(encrypted, folder, { recursive: true });
    const another = await serve({ DATABASE_ENCRYPTION_KEY: 'quite another key of sixteen' });
    expect([another.code, another.errors]).toEqual([1, expect.stringContaining('does not open it')]);
    const none = await serve();
    expect([none.code, none.errors]).toEqual([1, expect.stringContaining('set DATABASE_ENCRYPTION_KEY')]);
  });

  it('refuses whoever meets damage while it works, and lives on; and starts again on a backup', async () => {
    cpSync(template, folder, { recursive: true });
    const backup = readFileSync(file());
    const server = await BuiltServer.start({}, folder);
    overwrite(1, backup.length / PAGE - 1);
    const damaged = await server.request('/api/v1/tasks?limit=100');
    const { error } = (await damaged.json()) as { error: { code: string } };
    const live = await fetch(`${server.url}/health/live`);
    await server.kill('SIGTERM');
    writeFileSync(file(), backup);
    await server.restart();
    const mended = await server.request('/api/v1/tasks?limit=100');
    await server.dispose();

    expect([damaged.status, error.code]).toEqual([503, 'SERVICE_UNAVAILABLE']);
    expect([live.status, mended.status]).toEqual([200, 200]);
  });

  itNeeding(missingProgram('lsattr', ['-V']), missingMounts())(
    'says so and ends when it, or its disk, may only be read; and starts when it may be written',
    async () => {
      const disk = LoopDisk.create(16);
      try {
        disk.adopt(template);
        const path = join(disk.folder, 'data/tasks.db');
        disk.remount('ro');
        const onReadOnly = await serve({}, disk.folder);
        disk.remount('rw');
        spawnSync('chattr', ['+i', path]);
        const readOnly = await serve({}, disk.folder);
        spawnSync('chattr', ['-i', path]);

        for (const { code, errors } of [onReadOnly, readOnly]) {
          expect([code, errors]).toEqual([1, expect.stringContaining(`cannot use the database ${path}`)]);
          expect(errors.trim().split('\n')).toHaveLength(1);
        }
        expect([onReadOnly.errors, readOnly.errors]).toEqual([
          expect.stringContaining('EROFS: read-only file system'),
          expect.stringContaining('EPERM: operation not permitted'),
        ]);
        const server = await BuiltServer.start({}, disk.folder);
        expect((await server.request('/api/v1/tasks')).status).toBe(200);
        await server.dispose();
      } finally {
        disk.remove();
      }
    },
  );
});

describe(`a service whose file is taken from it while it works (TEST_SEED=${SEED})`, () => {
  let load: Load;
  let server: BuiltServer;

  beforeEach(async () => {
    load = new Load();
    server = await BuiltServer.start(UNLIMITED);
    load.begin(server);
    await load.reaches(100);
  });
  afterEach(async () => {
    await load.end(true);
    await server.dispose();
  });

  const gone = (): unknown =>
    expect.objectContaining({
      status: 503,
      body: expect.objectContaining({
        error: expect.objectContaining({
          message: 'The file of the database was removed or replaced',
        }),
      }),
    });
  const readiness = async (): Promise<number> => (await fetch(`${server.url}/health/ready`)).status;

  it.each([
    ['removed', '', null],
    ['replaced', '', 'another'],
    ['robbed of its log', '-wal', null],
  ])(
    'when it is %s, acknowledges nothing more, can be read, and goes on when it is back',
    async (_, suffix, other) => {
      const path = `${server.line.database}${suffix}`;
      renameSync(path, `${path}.aside`);
      if (other !== null) cpSync(`${path}.aside`, path);
      // What began before may have been stored before.
      const first = load.log.length;
      expect(await load.isTold(503)).toEqual(gone());
      await load.isTold(503);
      expect(load.log.slice(first).map(({ outcome }) => outcome.is)).not.toContain('ok');
      expect((await server.request('/api/v1/tasks')).status).toBe(200);
      expect(await readiness()).toBe(503);

      renameSync(`${path}.aside`, path);
      await load.reaches(100);
      expect(await readiness()).toBe(200);
      await load.end();
      load.expectSound(await load.drain(server), `file ${path} taken away`);
      expect(linesOf(server, 'writes fail')).toHaveLength(1);
    },
  );

  it('says that it is gone when it is gone for good, and does not start anew under that name by itself', async () => {
    rmSync(server.line.database);
    await load.isTold(503);
    await load.end();
    expect(await readiness()).toBe(503);
    expect(linesOf(server, 'writes fail')[0]).toMatchObject({ reason: expect.stringContaining('file_gone') });
    expect(await server.stop()).toEqual({ code: 0, signal: null });
  });
});
