import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ApiClient } from '../../support/api-client';
import { uuid } from '../../support/counted-ids';
import { ENDPOINTS, methodOf, pathOf } from '../access/endpoints';
import { TestService } from './service';

const WITH_BODY = new Set(['POST', 'PUT', 'PATCH']);

/** A field that a refusal names. */
interface Told {
  readonly field: string;
}

/** A refusal, in the words of the first dialect or of the second. */
interface Refused {
  readonly error: string | { readonly details: readonly Told[] };
  readonly details?: { readonly fields: readonly Told[] };
}

describe('paths and methods', () => {
  let service: TestService;
  let admin: ApiClient;

  beforeAll(async () => {
    service = await TestService.start();
    admin = service.as('admin');
  });
  afterAll(() => service.close());

  it.each([
    '/',
    '/foo',
    '/api',
    '/api/v1',
    '/api/v1/task',
    '/api/v1/tasks/x/y',
    '/api/v2/tasks',
    '/health/x',
    '/docs/x',
  ])('answers 404 for %s, in the envelope', async (path) => {
    for (const client of [admin, service.as(null)]) {
      const { status, body } = await client.get(path);
      expect([status, body.success, body.data, body.error.code]).toEqual([404, false, null, 'NOT_FOUND']);
    }
  });

  it.each([
    ['DELETE', '/api/v1/tasks', 'GET, HEAD, POST'],
    ['PUT', `/api/v1/tasks/${uuid(1)}`, 'GET, HEAD'],
    ['POST', '/api/v1/tasks/next', 'GET'],
    ['GET', `/api/v1/tasks/${uuid(1)}/cancel`, 'POST'],
    ['GET', `/API/V1/tasks/${uuid(1)}/COMPLETE/`, 'POST'],
    ['POST', '/health', 'GET, HEAD'],
    ['POST', '/docs', 'GET, HEAD'],
    ['POST', '/openapi.json', 'GET, HEAD'],
    ['OPTIONS', '/api/v1/tasks', 'GET, HEAD, POST'],
    ['PROPFIND', '/api/v1/tasks', 'GET, HEAD, POST'],
  ])('answers 405 to %s %s, with what is allowed', async (method, path, allowed) => {
    const { status, body, headers } = await admin.send(method, path);
    expect([status, body.error.code]).toEqual([405, 'METHOD_NOT_ALLOWED']);
    expect(headers.get('allow')?.split(', ').sort()).toEqual(allowed.split(', ').sort());
  });

  it.each(ENDPOINTS.filter(({ route }) => route.includes('/api/v1/')))(
    'passes over no parameter at $route',
    async (endpoint) => {
      const [path] = pathOf(endpoint).split('?');
      const method = methodOf(endpoint);
      const body = WITH_BODY.has(method) ? { body: {} } : {};
      const { status, text } = await admin.send(method, `${path}?colour=red&dry_run=true`, body);
      const { error, details } = JSON.parse(text) as Refused;
      const told = typeof error === 'string' ? details?.fields : error.details;
      expect(status).toBe(400);
      expect(told?.map(({ field }) => field)).toEqual(expect.arrayContaining(['colour', 'dry_run']));
    },
  );

  it('cancels nothing when it was asked in a way that it does not know', async () => {
    const { task_id: id } = await admin.createTask();
    const asked = admin.post('/api/v1/tasks/bulk-cancel?dry_run=true', { status: 'waiting' });
    expect((await asked).status).toBe(400);
    expect((await admin.readTask(id)).status).toBe('waiting');
  });

  it.each(['/health', '/health/live', '/metrics', '/task-manager/health', '/task-manager/metrics'])(
    'lets probes and scrapers ask %s as they do',
    async (path) => {
      expect((await admin.get(`${path}?from=the+balancer`)).status).toBe(200);
    },
  );

  it('answers HEAD like GET, without the body', async () => {
    const got = await admin.get('/api/v1/tasks');
    const { status, headers, text } = await admin.send('HEAD', '/api/v1/tasks');
    expect([status, text]).toEqual([200, '']);
    expect(headers.get('content-length')).toBe(got.headers.get('content-length'));
  });

  it('finds a path in other letters and with a slash behind it', async () => {
    expect((await admin.get('/API/v1/Tasks/')).status).toBe(200);
  });

  it.each(['/api/v1/tasks/%E0%A4%A', '/api/v1/tasks/%ff/cancel', '/api/v1/tasks/%'])(
    'answers 400 for the malformed path %s',
    async (path) => {
      const method = path.endsWith('cancel') ? 'POST' : 'GET';
      const answer = await new Promise<number | undefined>((resolve, reject) => {
        request(
          service.baseUrl + path,
          { method, path, headers: { Authorization: 'Bearer admin' } },
          ({ statusCode }) => resolve(statusCode),
        )
          .on('error', reject)
          .end();
      });
      expect(answer).toBe(400);
    },
  );

  it('works behind a server that makes its messages itself', async () => {
    const plain = createServer(service.app.getHttpAdapter().getInstance());
    await new Promise((resolve) => plain.listen(0, '127.0.0.1', () => resolve(null)));
    const { port } = plain.address() as AddressInfo;
    const client = new ApiClient(`http://127.0.0.1:${port}`, 'admin');
    expect((await client.createTask()).task_id).toBeDefined();
    expect((await client.get('/docs')).status).toBe(200);
    plain.closeAllConnections();
    plain.close();
  });

  it('refuses a query that is not encoded well, and names the parameter', async () => {
    const { status, body } = await admin.get('/api/v1/tasks?status=%E0%A4');
    expect([status, body.error.details]).toMatchObject([400, [{ field: 'status' }]]);
  });
});

describe('what every answer carries', () => {
  let service: TestService;
  const ANSWERS: readonly (readonly [string, string, object])[] = [
    ['GET', '/api/v1/tasks', {}],
    ['POST', '/api/v1/tasks', { raw: '{' }],
    ['POST', '/api/v1/tasks', { raw: ' '.repeat(2 * 1024 * 1024 + 1) }],
    [
      'POST',
      '/api/v1/tasks',
      { raw: 'a=1', headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
    ],
    ['GET', `/api/v1/tasks/${uuid(1)}`, {}],
    ['GET', '/nowhere', {}],
    ['PUT', '/api/v1/tasks', {}],
    ['GET', '/api/v1/tasks', { headers: { Authorization: 'Bearer wrong' } }],
    ['GET', '/health', {}],
    ['GET', '/health/live', {}],
    ['GET', '/docs', {}],
    ['GET', '/openapi.json', {}],
    ['GET', '/docs/swagger-ui.css', {}],
  ];

  beforeAll(async () => (service = await TestService.start()));
  afterAll(() => service.close());

  it.each(ANSWERS)('has a request id and the rate limit: %s %s %.60j', async (method, path, changes) => {
    const { headers } = await service.as('admin').send(method, path, changes);
    expect(headers.get('x-request-id')).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    expect(headers.get('x-ratelimit-limit')).toBe('1000000');
    expect(headers.get('x-ratelimit-remaining')).toMatch(/^\d+$/);
    expect(headers.get('x-ratelimit-reset')).toMatch(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/);
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it.each(['a', 'A-1._z', 'x'.repeat(128)])('takes over the request id %.20s', async (id) => {
    const { headers } = await service.as('admin').get('/nowhere', { 'X-Request-ID': id });
    expect(headers.get('x-request-id')).toBe(id);
  });

  it.each(['', 'x'.repeat(129), 'a b', 'a/b', 'ä', '<script>'])(
    'makes a new one in place of %.20j',
    async (id) => {
      const { headers } = await service.as('admin').get('/health', { 'X-Request-ID': id });
      expect(headers.get('x-request-id')).toMatch(/^[0-9a-f]{8}-[0-9a-f-]{27}$/);
    },
  );
});
