import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { BuiltServer, launch, runToEnd, scratchFolder } from '../../support/built-server';
import { freePort } from '../../support/free-port';
import { TaskManagerClient } from '../../support/task-manager-client';
import { rmSync } from 'node:fs';

describe('the task manager on its own port', () => {
  let server: BuiltServer;
  let port: number;
  let api: TaskManagerClient;

  beforeAll(async () => {
    port = await freePort();
    server = await BuiltServer.start({ TASK_MANAGER_PORT: String(port) });
    api = new TaskManagerClient(server.line.task_manager ?? '', server.key);
  });
  afterAll(() => server.dispose());

  it('is announced beside the other', () => {
    expect(server.line.task_manager).toBe(`http://127.0.0.1:${port}`);
    expect(server.line.url).not.toBe(server.line.task_manager);
  });

  it('serves the paths of its document, over the same queue as the other port', async () => {
    const { id } = await api.create();
    const elsewhere = new TaskManagerClient(`${server.url}/task-manager`, server.key);
    expect(await elsewhere.read(id)).toMatchObject({ id, status: 'queued' });
    const { body } = await api.get<{ service: string }>('/health');
    expect(body.service).toBe('task-manager');
  });

  it('has its own documentation, whose server works on either port', async () => {
    const page = await fetch(`${api.baseUrl}/docs`);
    expect([page.status, await page.text()]).toEqual([200, expect.stringContaining('swagger-ui')]);
    const { body } = await api.get<{ servers: readonly { url: string }[]; info: { title: string } }>(
      '/openapi.json',
    );
    expect([body.info.title, body.servers.map(({ url }) => url)]).toEqual([
      'Task manager',
      ['/task-manager'],
    ]);
    expect((await api.get('/task-manager/api/v1/tasks')).status).toBe(200);
  });

  it('has the same edge: keys, limits and request ids', async () => {
    const anonymous = await new TaskManagerClient(api.baseUrl).get('/api/v1/tasks');
    expect([anonymous.status, anonymous.failure.code]).toEqual([401, 'UNAUTHORIZED']);
    const answer = await api.send('GET', '/api/v1/tasks', undefined, { 'X-Request-ID': 'mine' });
    expect(answer.headers.get('x-request-id')).toBe('mine');
    expect(answer.headers.get('x-ratelimit-limit')).toBe('1000');
  });

  it('serves nothing else', async () => {
    const { status, failure } = await api.get('/api/v1/tasks/next');
    expect([status, failure.code]).toEqual([404, 'TASK_NOT_FOUND']);
    expect((await api.get('/api/v1/events')).failure.code).toBe('NOT_FOUND');
  });

  it('answers what is no HTTP in its own words', async () => {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    socket.end('nonsense\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1\.1 400 [^]*"code":"INVALID_REQUEST"/);
  });

  it('knows its workers, and what they did, after a restart', async () => {
    const own = await BuiltServer.start();
    try {
      const before = new TaskManagerClient(`${own.url}/task-manager`, own.key);
      for (const ending of ['complete', 'fail'] as const) {
        await before.create();
        const { id } = await before.claim('worker_007');
        const how = ending === 'fail' ? { error_message: 'x', retryable: false } : {};
        await before.must('POST', `/api/v1/tasks/${id}/${ending}`, how);
      }
      await before.must('POST', '/api/v1/workers/idle/heartbeat');
      interface System {
        readonly workers: readonly object[];
      }
      const { workers } = await before.must<System>('GET', '/api/v1/stats/system');
      await own.restart();
      const after = new TaskManagerClient(`${own.url}/task-manager`, own.key);
      expect((await after.must<System>('GET', '/api/v1/stats/system')).workers).toEqual(workers);
      expect(workers).toMatchObject([
        { id: 'idle', tasks_processed: 0 },
        { id: 'worker_007', tasks_processed: 2, tasks_succeeded: 1, tasks_failed: 1 },
      ]);
    } finally {
      await own.dispose();
    }
  });

  it('finishes what it has begun when the service stops', async () => {
    const own = await BuiltServer.start({ TASK_MANAGER_PORT: String(await freePort()) });
    try {
      const client = new TaskManagerClient(own.line.task_manager ?? '', own.key);
      const waiting = client.post('/api/v1/workers/w/claim', { wait: 20 });
      await client.post('/api/v1/workers/other/heartbeat');
      expect(await own.stop()).toEqual({ code: 0, signal: null });
      expect((await waiting).status).toBe(204);
    } finally {
      await own.dispose();
    }
  });

  describe('that is taken', () => {
    let other: Server;
    let folder: string;

    beforeEach(() => (folder = scratchFolder()));
    afterEach(() => {
      other.close();
      rmSync(folder, { recursive: true });
    });

    it('stops the start with the setting to be changed, and nothing stays open', async () => {
      const taken = await freePort();
      other = createServer().listen(taken, '127.0.0.1');
      await once(other, 'listening');
      const env = { TASK_MANAGER_PORT: String(taken) };
      const { code, errors } = await runToEnd(folder, ['serve'], env);
      expect(code).not.toBe(0);
      expect(errors).toBe(
        `task-orchestrator: port ${taken} on 127.0.0.1 is in use by another program; set TASK_MANAGER_PORT to a free one\n`,
      );
    });
  });

  it('is off with 0', async () => {
    const folder = scratchFolder();
    const child = launch(folder, ['serve'], { TASK_MANAGER_PORT: '0' });
    let written = '';
    child.stdout.on('data', (chunk: Buffer) => {
      written += chunk.toString();
      if (written.includes('"msg":"ready"')) child.kill('SIGTERM');
    });
    await once(child, 'close');
    rmSync(folder, { recursive: true });
    expect(written).toContain('"msg":"ready"');
    expect(written).not.toContain('task_manager');
  });
});
