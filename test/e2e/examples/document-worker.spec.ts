import { execFile } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { BuiltServer, scratchFolder } from '../../support/built-server';
import { DocumentWorker } from '../../support/document-worker';
import { eventually } from '../../support/eventually';
import { freePort } from '../../support/free-port';
import { HeldRequests } from '../../support/held-requests';
import { TaskManagerClient, type TaskInfo } from '../../support/task-manager-client';

const EXAMPLE = resolve(__dirname, '../../../examples/document-worker');

describe('the example worker', () => {
  let server: BuiltServer;
  let folder: string;
  let api: TaskManagerClient;
  let worker: DocumentWorker | null;

  beforeAll(async () => {
    const port = String(await freePort());
    // The strictest of services: what runs here runs everywhere.
    server = await BuiltServer.start({ TASK_MANAGER_PORT: port, REQUIRE_LEASE_TOKEN: 'true' });
    api = new TaskManagerClient(server.line.task_manager ?? '', server.key);
    folder = scratchFolder();
  });
  beforeEach(() => (worker = null));
  afterEach(async () => {
    await worker?.stop('SIGKILL');
  });
  afterAll(async () => {
    await server.dispose();
    rmSync(folder, { recursive: true });
  });

  const start = async (env: Readonly<Record<string, string>> = {}): Promise<DocumentWorker> =>
    (worker = await DocumentWorker.start({
      TASK_MANAGER_URL: api.baseUrl,
      TASK_MANAGER_API_KEY: server.key,
      WORKER_ID: 'example',
      ...env,
    }));
  const file = (name: string, content: string | Uint8Array): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };
  const submit = (path: string, changes: object = {}): Promise<TaskInfo> =>
    api.create({ payload: { file_path: path, chunk_size: 1000, chunk_overlap: 200, ...changes } });
  const until = (id: string, ...statuses: readonly string[]): Promise<TaskInfo> =>
    eventually(async () => {
      const task = await api.read(id);
      return statuses.includes(task.status) ? task : null;
    });

  it('passes its own tests', async () => {
    const run = promisify(execFile);
    const { stdout } = await run(process.execPath, ['--test', '--test-reporter=spec', 'test/*.test.ts'], {
      cwd: EXAMPLE,
      shell: false,
      env: { PATH: process.env.PATH },
    });
    expect(stdout).toMatch(/fail 0/);
  });

  it('reads a text, splits it, and returns the chunks', async () => {
    await start();
    const { id } = await submit(file('text.txt', 'x'.repeat(2_500)));
    const { result, ...task } = await until(id, 'completed', 'failed');
    expect(task).toMatchObject({ status: 'completed', worker_id: 'example', progress: 100 });
    expect(result).toMatchObject({ characters: 2_500, chunk_count: 3 });
    expect((result as { chunks: { text: string }[] }).chunks[2]).toEqual({
      ...{ index: 2, start: 1600, end: 2500 },
      text: 'x'.repeat(900),
    });
  });

  it('fails clearly, and once, what is no text', async () => {
    await start();
    const { id } = await submit(file('image.pdf', Uint8Array.from([0x25, 0x50, 0x44, 0x46, 0, 0xff])));
    expect(await until(id, 'completed', 'failed')).toMatchObject({
      status: 'failed',
      retry_count: 0,
      error_message: expect.stringMatching(/image\.pdf is not a text file/),
    });
  });

  describe('with documents that take long', () => {
    let held: HeldRequests;

    beforeEach(async () => {
      held = await HeldRequests.before(api.baseUrl, ({ url = '' }) => url.endsWith('/progress'));
    });
    afterEach(() => held.close());

    const busy = async (count: number, env: Readonly<Record<string, string>>): Promise<TaskInfo[]> => {
      const path = file('slow.txt', 'y'.repeat(1_500));
      const tasks = [];
      for (let made = 0; made < count; made += 1) tasks.push(await submit(path));
      await start({ TASK_MANAGER_URL: held.url, ...env });
      return tasks;
    };
    const hold = (count: number): Promise<true> =>
      eventually(() => Promise.resolve(held.count === count || null));
    const statuses = async (tasks: readonly TaskInfo[]): Promise<string[]> =>
      (await Promise.all(tasks.map(({ id }) => api.read(id)))).map(({ status }) => status);

    it('works on several at once, and on no more', async () => {
      const tasks = await busy(3, { CONCURRENCY: '2' });
      await hold(2);
      expect((await statuses(tasks)).sort()).toEqual(['processing', 'processing', 'queued']);
      held.release();
      for (const { id } of tasks) await until(id, 'completed');
    });

    it('renews its leases while it works, and lets go of what was cancelled', async () => {
      const [task] = await busy(1, { LEASE_SECONDS: '10' });
      if (task === undefined) throw new Error('no task');
      await hold(1);
      const expiry = async (): Promise<string> => {
        const { data } = (await (await server.request('/api/v1/workers/example')).json()) as {
          data: { holds: readonly { lease_expires_at: string }[] };
        };
        return data.holds[0]?.lease_expires_at ?? '';
      };
      const before = await expiry();
      await eventually(async () => (await expiry()) > before || null);
      await api.must('DELETE', `/api/v1/tasks/${task.id}`);
      await worker?.says(({ message }) => message === 'taken away');
      expect(await statuses([task])).toEqual(['cancelled']);
    });

    it('ends what it has begun when it is told to stop, and claims nothing more', async () => {
      const tasks = await busy(1, { CONCURRENCY: '1' });
      await hold(1);
      const stopped = worker?.stop();
      await worker?.says(({ message }) => message === 'stopping');
      tasks.push(await submit(file('late.txt', 'z')));
      held.release();
      expect(await stopped).toBe(0);
      expect(await statuses(tasks)).toEqual(['completed', 'queued']);
      await api.must('DELETE', `/api/v1/tasks/${tasks[1]?.id ?? ''}`);
    });

    it('gives back what it cannot end in time, and no retry is counted', async () => {
      const [task] = await busy(1, { GRACE_SECONDS: '0' });
      await hold(1);
      expect(await worker?.stop()).toBe(0);
      expect(await api.read(task?.id ?? '')).toMatchObject({ status: 'queued', retry_count: 0 });
    });
  });

  it.each([
    ['CONCURRENCY', '0'],
    ['LEASE_SECONDS', 'x'],
  ])('says what is wrong with %s=%s', async (name, value) => {
    await expect(start({ [name]: value })).rejects.toThrow(`${name}: "${value}" is not allowed`);
  });
});
