import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { LocalDoor } from '../../../src/http/shared/access/local-door';
import type { ApiClient } from '../../support/api-client';
import { uuid } from '../../support/counted-ids';
import { FixedClock } from '../../support/fixed-clock';
import { RoleKeys } from '../../support/role-keys';
import { TestService } from './service';

const TASK = `/api/v1/tasks/${uuid(1)}`;
const NEW = { work_directory: '/srv', prompt: 'read this' };

describe('who may do what', () => {
  let service: TestService;

  beforeAll(async () => (service = await TestService.start()));
  afterAll(() => service.close());

  it.each([
    ['none', {}],
    ['another scheme', { Authorization: 'Basic YWRtaW46eA==' }],
    ['no key', { Authorization: 'Bearer' }],
    ['an empty key', { Authorization: 'Bearer ' }],
    ['a wrong key', { Authorization: 'Bearer nobody' }],
    ['two words', { Authorization: 'Bearer admin admin' }],
    ['a name of an object’s own', { Authorization: 'Bearer constructor' }],
  ])('answers 401 to a caller with %s', async (_what, headers) => {
    const { status, body, headers: answered } = await service.as(null).get('/api/v1/tasks', headers);
    expect([status, body.error.code]).toEqual([401, 'UNAUTHORIZED']);
    expect(answered.get('www-authenticate')).toBe('Bearer');
  });

  it('reads the scheme in any letters', async () => {
    expect((await service.as(null).get('/api/v1/tasks', { Authorization: 'bearer reader' })).status).toBe(
      200,
    );
  });

  const READS = [
    'GET /api/v1/tasks',
    `GET ${TASK}`,
    `GET ${TASK}/history`,
    `GET ${TASK}/events`,
    'GET /api/v1/events?after=x',
    'GET /api/v1/workers',
    'GET /api/v1/workers/worker-1',
  ];
  const PRODUCES = [
    'POST /api/v1/tasks',
    'POST /api/v1/tasks/batch',
    'POST /api/v1/tasks/bulk-cancel',
    'POST /api/v1/tasks/bulk-retry',
    `POST ${TASK}/cancel`,
    `POST ${TASK}/retry`,
  ];
  const WORKS = [
    'GET /api/v1/tasks/next?work_path=/srv',
    'POST /api/v1/tasks/claim',
    'POST /api/v1/tasks/complete',
    `POST ${TASK}/complete`,
    `POST ${TASK}/fail`,
    `POST ${TASK}/heartbeat`,
    `POST ${TASK}/progress`,
    `POST ${TASK}/release`,
  ];

  it.each([
    ['reader', [...PRODUCES], 'producer'],
    ['reader', [...WORKS], 'worker'],
    ['producer', [...WORKS], 'worker'],
    ['worker', [...PRODUCES], 'producer'],
  ] as const)('keeps a %s from %j', async (role, routes, needed) => {
    for (const route of routes) {
      const [method = '', path = ''] = route.split(' ');
      const { status, body } = await service
        .as(role)
        .send(method, path, method === 'POST' ? { body: {} } : {});
      expect([route, status, body.error.code, body.error.details]).toEqual([
        route,
        403,
        'FORBIDDEN',
        { required_role: needed },
      ]);
    }
  });

  it.each([
    ['reader', READS],
    ['producer', [...READS, ...PRODUCES]],
    ['worker', [...READS, ...WORKS]],
    ['admin', [...READS, ...PRODUCES, ...WORKS]],
  ] as const)('lets a %s do the rest', async (role, routes) => {
    for (const route of routes) {
      const [method = '', path = ''] = route.split(' ');
      const { status } = await service.as(role).send(method, path, method === 'POST' ? { body: {} } : {});
      expect([route, status === 401 || status === 403]).toEqual([route, false]);
    }
  });

  it.each(['/health', '/health/live', '/health/ready', '/docs', '/openapi.json'])(
    'opens %s to everybody',
    async (path) => {
      expect((await service.as(null).get(path)).status).toBe(200);
    },
  );

  it('makes everybody an admin called anonymous when keys are switched off', async () => {
    const open = await TestService.start({ settings: { enableAuth: false } });
    const anybody = open.as(null);
    const { task_id: id } = await anybody.createTask();
    expect(await anybody.readTask(id)).toMatchObject({ metadata: { created_by: 'anonymous' } });
    await open.close();
  });

  it('shows no documentation when it is switched off', async () => {
    const quiet = await TestService.start({ settings: { enableDocs: false } });
    for (const path of ['/docs', '/openapi.json', '/docs/swagger-ui.css']) {
      expect((await quiet.as('admin').get(path)).status).toBe(404);
    }
    await quiet.close();
  });

  it('asks the key store once for a key that is good, and each time for one that is not', async () => {
    const asked: string[] = [];
    const keys = new RoleKeys(new FixedClock());
    const find = keys.find.bind(keys);
    keys.find = (secret) => {
      asked.push(secret);
      return find(secret);
    };
    const counted = await TestService.start({ keys });
    for (const secret of ['reader', 'bad', 'reader', 'bad']) {
      await counted.as(null).get('/api/v1/tasks', { Authorization: `Bearer ${secret}` });
    }
    expect(asked).toEqual(['reader', 'bad', 'bad']);
    await counted.close();
  });
});

describe('requests that a foreign page sends', () => {
  let service: TestService;
  let admin: ApiClient;

  beforeAll(async () => {
    service = await TestService.start();
    admin = service.as('admin');
  });
  afterAll(() => service.close());

  const FOREIGN: readonly Readonly<Record<string, string>>[] = [
    { 'Sec-Fetch-Site': 'cross-site' },
    // Of another port: such a page can send a GET without an `Origin`.
    { 'Sec-Fetch-Site': 'same-site' },
    { Origin: 'https://evil.example' },
    { Origin: 'null' },
    { Origin: 'http://127.0.0.1:1' },
  ];

  it.each(FOREIGN)('are refused where they would change something: %j', async (headers) => {
    for (const route of [
      'POST /api/v1/tasks',
      'GET /api/v1/tasks/next?work_path=/srv',
      'POST /api/v1/tasks/claim',
      'POST /api/v1/tasks/batch',
      `POST ${TASK}/complete`,
    ]) {
      const [method = '', path = ''] = route.split(' ');
      const request = method === 'POST' ? { body: NEW, headers } : { headers };
      const { status, body } = await admin.send(method, path, request);
      expect([route, status, body.error.code]).toEqual([route, 403, 'FORBIDDEN']);
    }
  });

  it.each(FOREIGN)('may read: %j', async (headers) => {
    expect((await admin.get('/api/v1/tasks', headers)).status).toBe(200);
  });

  it.each(['same-origin', 'same-site', 'none'])('are not meant where the browser says %s', async (site) => {
    const headers = { 'Sec-Fetch-Site': site, Origin: admin.baseUrl };
    expect((await admin.post('/api/v1/tasks', NEW, headers)).status).toBe(201);
  });
});

describe('the operator’s own door', () => {
  it('makes the caller an admin called operator, without a key and without a limit', async () => {
    const door = new LocalDoor();
    const service = await TestService.start({
      settings: { isLocalOperator: door.isLocalOperator, rateLimit: { requestsPerMinute: 2, burstSize: 2 } },
    });
    const folder = mkdtempSync(join(tmpdir(), 'operator-'));
    const path = join(folder, 'api.sock');
    door.watch(await service.listen({ path }));
    for (let count = 0; count < 5; count += 1)
      expect(await postOver(path)).toMatchObject({ status: 201, remaining: '2' });
    expect((await service.as(null).get('/api/v1/tasks')).status).toBe(401);
    await service.close();
    rmSync(folder, { recursive: true });
  });
});

/** Creates a task over a Unix socket, without a key. */
function postOver(socketPath: string): Promise<object> {
  return new Promise((resolve, reject) => {
    const headers = { 'Content-Type': 'application/json' };
    request({ socketPath, method: 'POST', path: '/api/v1/tasks', headers }, (response) => {
      resolve({ status: response.statusCode, remaining: response.headers['x-ratelimit-remaining'] });
      response.resume();
    })
      .on('error', reject)
      .end(JSON.stringify(NEW));
  });
}
