import { randomUUID } from 'node:crypto';
import { writeFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BuiltServer, scratchFolder } from '../../support/built-server';
import { eventually } from '../../support/eventually';
import { STUBBORN_PROCESSES, stubborn, untilProcesses } from '../../support/processes';

interface Told {
  readonly task_id: string;
  readonly status: string;
  readonly error: string | null;
  readonly progress: number;
}

describe('a command of the service that forks and ignores SIGTERM', () => {
  const mark = `stubborn-${randomUUID()}`;
  let folder: string;
  let server: BuiltServer;

  beforeAll(async () => {
    folder = scratchFolder();
    const command = JSON.stringify(stubborn(mark));
    writeFileSync(
      join(folder, 'handlers.toml'),
      `[handlers.stubborn]\nkind = "command"\ncommand = ${command}\ngrace_seconds = 0.3\n`,
    );
    const env = { HANDLERS_FILE: 'handlers.toml', EXECUTOR_LEASE_SECONDS: '10', SHUTDOWN_GRACE_SECONDS: '6' };
    server = await BuiltServer.start(env, folder);
  });
  afterAll(async () => {
    await server.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  const told = async (response: Promise<Response>): Promise<Told> => (await (await response).json()) as Told;
  const asked = (id: string): Promise<Told> => told(server.request(`/tasks/${id}`));
  const begun = async (more: object = {}): Promise<string> => {
    const json = { task_type: 'stubborn', description: 'never end', ...more };
    const { task_id } = await told(server.request('/tasks', { json }));
    await untilProcesses(mark, STUBBORN_PROCESSES);
    return task_id;
  };
  const untilStatus = (id: string, status: string): Promise<Told> =>
    eventually(
      async () => {
        const task = await asked(id);
        return task.status === status ? task : null;
      },
      { timeoutMs: 25_000 },
    );
  const logged = (id: string): Promise<object> =>
    eventually(async () => {
      const line = server
        .logs()
        .split('\n')
        .find((text) => text.includes('task_ended') && text.includes(id));
      return line === undefined ? null : (JSON.parse(line) as object);
    });

  it('leaves no process when its time is over, and the task is failed', async () => {
    const id = await begun({ timeout_seconds: 2 });

    expect(await untilStatus(id, 'failed')).toMatchObject({ error: 'timed out after 2 s', progress: 10 });
    await untilProcesses(mark, 0);
    expect(await logged(id)).toMatchObject({ outcome: 'timed_out', reason: 'timed out after 2 s' });
  });

  it('leaves no process when its task is cancelled, which it notices with its next heartbeat', async () => {
    const id = await begun();
    expect(await told(server.request(`/tasks/${id}`, { method: 'DELETE' }))).toMatchObject({
      status: 'cancelled',
    });

    await untilProcesses(mark, 0);
    expect(await logged(id)).toMatchObject({ outcome: 'cancelled', reason: 'the task was cancelled' });
    expect(await asked(id)).toMatchObject({ status: 'cancelled' });
  });

  it('leaves no process when the service stops, and its task waits for the next start', async () => {
    const id = await begun();
    expect(await server.stop()).toEqual({ code: 0, signal: null });

    await untilProcesses(mark, 0);
    expect(await logged(id)).toMatchObject({ outcome: 'released', reason: 'the worker stops' });
    await server.restart();
    await untilProcesses(mark, STUBBORN_PROCESSES);
    await server.request(`/tasks/${id}`, { method: 'DELETE' });
    await untilProcesses(mark, 0);
  });

  it('leaves no process when the service is killed, and its task is run again when the lease is over', async () => {
    const id = await begun();
    await server.kill('SIGKILL');

    await untilProcesses(mark, 0);
    await server.restart();
    await untilProcesses(mark, STUBBORN_PROCESSES);
    const { data } = (await (await server.request(`/api/v1/tasks/${id}`)).json()) as { data: object };
    expect(data).toMatchObject({ status: 'working', attempt: 2, retry_count: 1 });
    await server.request(`/tasks/${id}`, { method: 'DELETE' });
    await untilProcesses(mark, 0);
  });
});
