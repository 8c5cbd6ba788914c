import { randomUUID } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ApiClient, type ApiTask } from '../../support/api-client';
import { BuiltServer } from '../../support/built-server';
import { eventually } from '../../support/eventually';
import { STUBBORN_PROCESSES, stubborn, untilProcesses } from '../../support/processes';
import { RunningWorker } from './running-worker';

describe('a worker whose command forks and ignores SIGTERM', () => {
  const mark = `stubborn-${randomUUID()}`;
  let server: BuiltServer;
  let api: ApiClient;
  let worker: RunningWorker | null = null;

  beforeAll(async () => {
    server = await BuiltServer.start();
    api = new ApiClient(server.url, server.key);
    mkdirSync(join(server.folder, 'project'));
  });
  afterEach(async () => {
    await worker?.end('SIGKILL');
    await untilProcesses(mark, 0);
  });
  afterAll(() => server.dispose());

  const begin = async (options: readonly string[] = [], task: object = {}): Promise<string> => {
    const { task_id } = await api.createTask({
      work_directory: join(server.folder, 'project'),
      prompt: 'never end',
      ...task,
    });
    const terms = ['--work-path', 'project', '--lease', '10', '--grace', '1', ...options];
    const env = { TASK_ORCHESTRATOR_URL: server.url, TASK_ORCHESTRATOR_API_KEY: server.key };
    worker = RunningWorker.start(server.folder, terms, stubborn(mark), env);
    await untilProcesses(mark, STUBBORN_PROCESSES);
    return task_id;
  };
  const task = async (id: string): Promise<ApiTask> => (await api.get(`/api/v1/tasks/${id}`)).body.data;
  const said = (event: string, id: string): Promise<unknown> =>
    worker?.line((line) => line.event === event && line.task_id === id) ?? Promise.reject(new Error('none'));

  it('leaves no process when the time of the task is over', async () => {
    const id = await begin([], { timeout_seconds: 2 });

    expect(await said('ended', id)).toMatchObject({ outcome: 'timed_out', reason: 'timed out after 2 s' });
    await untilProcesses(mark, 0);
    expect(await task(id)).toMatchObject({ status: 'failed', error_message: 'timed out after 2 s' });
  });

  it('leaves no process when its own time-out is over', async () => {
    const id = await begin(['--timeout', '2']);

    expect(await said('ended', id)).toMatchObject({ outcome: 'timed_out' });
    await untilProcesses(mark, 0);
    expect(await task(id)).toMatchObject({ status: 'failed', error_message: 'timed out after 2 s' });
  });

  it('leaves no process when the task is cancelled', async () => {
    const id = await begin();
    await said('progress', id);
    await api.post(`/api/v1/tasks/${id}/cancel`, { force: true });

    expect(await said('ended', id)).toMatchObject({ outcome: 'cancelled', reason: 'the task was cancelled' });
    await untilProcesses(mark, 0);
    expect(await task(id)).toMatchObject({ status: 'cancelled' });
  });

  it('gives the task back when it is told to stop', async () => {
    const id = await begin(['--drain', '1']);

    expect(await worker?.end('SIGTERM')).toEqual({ code: 0, signal: null });
    await untilProcesses(mark, 0);
    expect(await task(id)).toMatchObject({ status: 'waiting', retry_count: 0 });
    expect(await said('ended', id)).toMatchObject({ outcome: 'released', reason: 'the worker stops' });
    await api.post(`/api/v1/tasks/${id}/cancel`);
  });

  it('leaves no process when it is killed, and the task waits again when the lease is over', async () => {
    const id = await begin();
    await worker?.end('SIGKILL');

    await untilProcesses(mark, 0);
    const waiting = await eventually(
      async () => {
        const found = await task(id);
        return found.status === 'waiting' ? found : null;
      },
      { timeoutMs: 25_000 },
    );
    expect(waiting).toMatchObject({ retry_count: 1, attempt: 1 });
    const { body } = await api.get<{ history: readonly object[] }>(`/api/v1/tasks/${id}/history`);
    expect(body.data.history.at(-1)).toMatchObject({
      type: 'task.expired',
      details: { reason: 'the lease of attempt 1 ran out', retry: 1 },
    });
  });
});
