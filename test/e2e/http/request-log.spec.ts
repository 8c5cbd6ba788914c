import { request as rawRequest } from 'node:http';
import { once } from 'node:events';
import { eventually } from '../../support/eventually';
import type { ApiClient } from '../../support/api-client';
import { TestService } from './service';

type Line = Readonly<Record<string, unknown>>;

const PROMPT = 'a prompt that no log may repeat';

describe('the log of requests', () => {
  let service: TestService;
  let admin: ApiClient;

  beforeEach(async () => {
    service = await TestService.start();
    admin = service.as('admin');
  });
  afterEach(() => service.close());

  /** The line of the request with this id, once its answer has left. */
  const lineOf = (id: string): Promise<Line> =>
    eventually(async () => service.log.requests.find((line) => line.request_id === id) ?? null);
  const as = (id: string): Record<string, string> => ({ 'X-Request-ID': id });

  it('tells who asked for what, how it ended and how long it took', async () => {
    await admin.get('/api/v1/tasks?work_directory=/srv/secret', as('one'));
    expect(await lineOf('one')).toEqual({
      level: 'info',
      time: expect.any(String),
      request_id: 'one',
      key: 'admin-key',
      address: '127.0.0.1',
      method: 'GET',
      route: '/api/v1/tasks',
      status: 200,
      duration_ms: expect.any(Number),
      msg: 'request',
    });
    expect(service.log.text).not.toContain('secret');
  });

  it('tells which task it was about, and which worker', async () => {
    await admin.post('/api/v1/tasks', { work_directory: '/srv/project', prompt: PROMPT }, as('create'));
    const next = '/api/v1/tasks/next?work_path=/srv/project&worker_id=worker-7';
    const { task_id: id, lease_token: token } = (await admin.get(next, as('claim'))).body.data;
    const proof = { worker_id: 'worker-7', lease_token: token };
    await admin.post(`/api/v1/tasks/${id}/heartbeat`, proof, as('beat'));
    expect(await lineOf('create')).toMatchObject({ status: 201, task_id: id });
    expect(await lineOf('claim')).toMatchObject({ task_id: id, worker_id: 'worker-7' });
    expect(await lineOf('beat')).toMatchObject({
      route: '/api/v1/tasks/:task_id/heartbeat',
      task_id: id,
      worker_id: 'worker-7',
    });
    expect(service.log.text).not.toContain(PROMPT);
    expect(service.log.text).not.toContain(token);
  });

  it.each<[string, (client: (role: 'admin' | 'reader' | null) => ApiClient) => Promise<unknown>, Line]>([
    [
      'wrong fields',
      (as_) => as_('admin').post('/api/v1/tasks', { prompt: PROMPT, colour: 1 }, as('x')),
      { status: 400, code: 'invalid' },
    ],
    ['no key', (as_) => as_(null).get('/api/v1/tasks', as('x')), { status: 401, code: 'unauthorized' }],
    [
      'the wrong role',
      (as_) => as_('reader').post('/api/v1/tasks', {}, as('x')),
      { status: 403, code: 'forbidden' },
    ],
    [
      'an unknown path',
      (as_) => as_('admin').get(`/${encodeURIComponent(PROMPT)}`, as('x')),
      { status: 404, code: 'not_found' },
    ],
    [
      'an unknown task',
      (as_) => as_('admin').get('/api/v1/tasks/nope', as('x')),
      { status: 404, code: 'task.not_found' },
    ],
  ])('tells the code of a refusal: %s', async (_, ask, expected) => {
    await ask((role) => service.as(role));
    const line = await lineOf('x');
    expect(line).toMatchObject({ level: 'info', ...expected });
    expect(JSON.stringify(line)).not.toContain(PROMPT);
  });

  it('never tells the Authorization of a request, right or wrong', async () => {
    const key = 'to_this-is-no-key-but-somebody-sent-it-as-one-0123456789';
    await admin.get('/api/v1/tasks', { ...as('wrong'), Authorization: `Bearer ${key}` });
    await lineOf('wrong');
    expect(service.log.text).not.toContain(key);
    expect(service.log.text.toLowerCase()).not.toMatch(/authorization|bearer/);
  });

  it.each(['/health', '/health/live', '/health/ready', '/task-manager/health'])(
    'whispers the probe %s',
    async (path) => {
      await service.as(null).get(path, as('probe'));
      expect(await lineOf('probe')).toMatchObject({ level: 'debug', route: path });
    },
  );

  it('tells that nobody waited for the answer', async () => {
    const { port } = new URL(service.baseUrl);
    const hung = rawRequest({
      port,
      path: '/api/v1/tasks/next?work_path=/srv/project&wait=20',
      headers: { ...as('hung-up'), Authorization: 'Bearer admin' },
    });
    hung.on('error', () => undefined);
    hung.end();
    await once(hung, 'socket');
    await eventually(async () => (service.core.waiting.count > 0 ? true : null));
    hung.destroy();
    const line = await lineOf('hung-up');
    expect(line).toMatchObject({ aborted: true });
    expect(line).not.toHaveProperty('status');
  });

  it.each(['worker\r\n{"level":"info","msg":"forged"}', 'w\u2028x', '\u001b[2J'])(
    'keeps a caller from forging a line with %j',
    async (worker) => {
      const before = service.log.text.split('\n').length;
      await admin.post('/api/v1/tasks/claim', { worker_id: worker, work_path: '/srv' }, as('forged'));
      await lineOf('forged');
      const lines = service.log.text.split('\n').slice(before - 1);
      expect(lines.filter((line) => line !== '' && !line.includes('"request_id":"forged"'))).toEqual([]);
      expect(service.log.text).not.toContain('\u001b');
    },
  );
});
