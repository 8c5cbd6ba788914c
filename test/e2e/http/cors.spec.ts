import { OPEN_NETWORK } from '../../support/open-network';
import { rawRequest, type RawAnswer } from '../../support/raw-request';
import { TestService } from './service';

const TASKS = '/api/v1/tasks';
const APP = 'https://app.example';
const EVIL = 'https://evil.example';
const NEW = JSON.stringify({ work_directory: '/srv', prompt: 'read this' });

describe('pages of other origins', () => {
  let service: TestService;
  const network = { ...OPEN_NETWORK, corsOrigins: null as readonly string[] | null };

  beforeAll(async () => (service = await TestService.start({ settings: { network } })));
  afterAll(() => service.close());

  const read = (headers: Record<string, string>): Promise<RawAnswer> =>
    rawRequest(service.baseUrl + TASKS, { headers: { Authorization: 'Bearer admin', ...headers } });
  const create = (headers: Record<string, string>): Promise<RawAnswer> =>
    rawRequest(service.baseUrl + TASKS, {
      method: 'POST',
      body: NEW,
      headers: { Authorization: 'Bearer admin', 'Content-Type': 'application/json', ...headers },
    });
  const preflight = (origin: string, path = TASKS): Promise<RawAnswer> =>
    rawRequest(service.baseUrl + path, {
      method: 'OPTIONS',
      headers: {
        Origin: origin,
        'Access-Control-Request-Method': 'POST',
        'Access-Control-Request-Headers': 'authorization,content-type',
      },
    });
  const corsHeadersOf = ({ headers }: RawAnswer): string[] =>
    Object.keys(headers).filter((name) => name.startsWith('access-control-'));

  it('are told nothing, and change nothing, while CORS is off', async () => {
    network.corsOrigins = null;
    for (const answer of [await read({ Origin: APP }), await preflight(APP), await create({ Origin: APP })])
      expect(corsHeadersOf(answer)).toEqual([]);
    expect((await preflight(APP)).status).toBe(405);
    expect((await create({ Origin: APP })).status).toBe(403);
    expect((await create({ 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
  });

  it('may use the API when their origin is named', async () => {
    network.corsOrigins = [APP];
    const asked = await preflight(APP);
    expect(asked.status).toBe(204);
    expect(asked.headers).toMatchObject({
      'access-control-allow-origin': APP,
      'access-control-allow-methods': expect.stringMatching(/^(?=.*GET)(?=.*HEAD)(?=.*POST)[A-Z, ]+$/),
      'access-control-allow-headers': expect.stringMatching(/Authorization.*Content-Type.*Idempotency-Key/),
      'access-control-max-age': '600',
      vary: 'Origin',
    });
    expect(asked.headers).not.toHaveProperty('access-control-allow-credentials');
    const created = await create({ Origin: APP, 'Sec-Fetch-Site': 'cross-site' });
    expect([created.status, created.headers['access-control-allow-origin']]).toEqual([201, APP]);
  });

  it('can read refusals, and when to come back', async () => {
    network.corsOrigins = [APP];
    const refused = await rawRequest(service.baseUrl + TASKS, { headers: { Origin: APP } });
    expect([refused.status, refused.headers['access-control-allow-origin']]).toEqual([401, APP]);
    expect(refused.headers['access-control-expose-headers']).toContain('Retry-After');
  });

  it.each([EVIL, 'null', `${APP}.evil.example`, `${APP}:8443`, 'http://app.example', ''])(
    'do not get in as %j when others are named',
    async (origin) => {
      network.corsOrigins = [APP];
      expect((await create({ Origin: origin })).status).toBe(403);
      const asked = await preflight(origin);
      expect([asked.status, corsHeadersOf(asked)]).toEqual([403, []]);
      const answer = await read({ Origin: origin });
      expect([answer.status, corsHeadersOf(answer), answer.headers.vary]).toEqual([200, [], 'Origin']);
    },
  );

  it('do not get in without an origin at all', async () => {
    network.corsOrigins = [APP];
    expect((await create({ 'Sec-Fetch-Site': 'cross-site' })).status).toBe(403);
  });

  it('are all let in by *', async () => {
    network.corsOrigins = ['*'];
    expect((await preflight(EVIL)).headers['access-control-allow-origin']).toBe('*');
    expect((await create({ Origin: EVIL })).status).toBe(201);
  });

  it('are let in and shut out while the service runs', async () => {
    network.corsOrigins = [APP];
    expect((await create({ Origin: APP })).status).toBe(201);
    network.corsOrigins = [];
    expect((await create({ Origin: APP })).status).toBe(403);
  });

  it('need a key like everybody: no cookie opens anything', async () => {
    network.corsOrigins = [APP];
    const cookies = { Cookie: 'token=admin; Authorization=Bearer admin; session=admin', Origin: APP };
    const { status, headers } = await rawRequest(service.baseUrl + TASKS, { headers: cookies });
    expect([status, headers['set-cookie']]).toEqual([401, undefined]);
  });
});
