import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { ApiClient, type ApiTask } from '../../support/api-client';
import { BuiltServer } from '../../support/built-server';
import { eventually } from '../../support/eventually';
import { codeBlocksIn } from '../seeds/code-blocks';

const PROJECT = resolve(__dirname, '../../..');
const COMPILER_OPTIONS = {
  strict: true,
  noEmit: true,
  module: 'nodenext',
  target: 'es2023',
  typeRoots: [join(PROJECT, 'node_modules/@types')],
  types: ['node'],
};

describe('the worker of the README, as a program of somebody else', () => {
  let server: BuiltServer;
  let api: ApiClient;
  let worker: ChildProcess | null = null;

  beforeAll(async () => {
    server = await BuiltServer.start();
    api = new ApiClient(server.url, server.key);
    const readme = readFileSync(join(PROJECT, 'README.md'), 'utf8');
    const [block] = codeBlocksIn(readme).filter(({ label }) => label === '<!-- own worker -->');
    mkdirSync(join(server.folder, 'node_modules'));
    symlinkSync(PROJECT, join(server.folder, 'node_modules/task-orchestrator'));
    writeFileSync(join(server.folder, 'worker.mts'), block?.code ?? '');
    writeFileSync(
      join(server.folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files: ['worker.mts'] }),
    );
  });
  afterAll(async () => {
    worker?.kill('SIGKILL');
    await server.dispose();
  });

  const ended = (id: string): Promise<ApiTask> =>
    eventually(async () => {
      const { data } = (await api.get(`/api/v1/tasks/${id}`)).body;
      return data.status === 'completed' || data.status === 'failed' ? data : null;
    });

  it('has types that a strict compiler accepts', async () => {
    const compiler = join(PROJECT, 'node_modules/typescript/bin/tsc');
    const compiled = await promisify(execFile)(process.execPath, [compiler, '-p', server.folder]);

    expect(compiled.stdout).toBe('');
  });

  it('does the tasks of its type, fails for good what cannot be done, and stops when it is told to', async () => {
    const task = { task_type: 'thumbnail.make', auto_retry: true };
    const good = await api.createTask({ ...task, payload: { width: 200 } });
    const bad = await api.createTask({ ...task, payload: {} });
    const other = await api.createTask({ task_type: 'thumbnail.print' });
    worker = spawn(process.execPath, ['worker.mts'], {
      cwd: server.folder,
      env: { TASK_ORCHESTRATOR_URL: server.url, TASK_ORCHESTRATOR_API_KEY: server.key },
      stdio: 'inherit',
    });

    expect(await ended(good.task_id)).toMatchObject({
      status: 'completed',
      result: { width: 200, height: 100 },
    });
    expect(await ended(bad.task_id)).toMatchObject({ status: 'failed', error_message: 'no width' });
    expect((await api.get(`/api/v1/tasks/${other.task_id}`)).body.data).toMatchObject({ status: 'waiting' });
    const exit = once(worker, 'exit');
    worker.kill('SIGTERM');
    expect(await exit).toEqual([0, null]);
  });
});
