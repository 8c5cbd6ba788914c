import { request } from 'node:http';
import { BuiltServer, type Environment } from '../../support/built-server';
import { rawRequest, type RawRequest } from '../../support/raw-request';

const NEW = JSON.stringify({ work_directory: '/srv', prompt: 'read this' });

describe('what a request says of itself', () => {
  let server: BuiltServer;

  const start = async (env: Environment): Promise<void> => void (server = await BuiltServer.start(env));
  const create = async ({ headers, ...rest }: RawRequest = {}): Promise<number> => {
    const { status } = await rawRequest(`${server.url}/api/v1/tasks`, {
      method: 'POST',
      body: NEW,
      headers: { Authorization: `Bearer ${server.key}`, 'Content-Type': 'application/json', ...headers },
      ...rest,
    });
    return status;
  };
  afterEach(() => server.dispose());

  it('gets no address past the list', async () => {
    await start({ IP_ALLOWLIST: '127.0.0.1, 2001:db8::/32', TRUST_PROXY: '127.0.0.3' });
    expect(await create()).toBe(201);
    for (const value of ['127.0.0.1', '2001:db8::1', '127.0.0.1, 127.0.0.3', '::ffff:127.0.0.1'])
      expect([
        value,
        await create({ localAddress: '127.0.0.2', headers: { 'X-Forwarded-For': value } }),
      ]).toEqual([value, 403]);
    const via = (value: string): Promise<number> =>
      create({ localAddress: '127.0.0.3', headers: { 'X-Forwarded-For': value } });
    expect(await via('127.0.0.1')).toBe(201);
    expect(await via('127.0.0.1, 203.0.113.7')).toBe(403);
  });

  it('gets no foreign name past a service on loopback', async () => {
    await start({ ALLOWED_HOSTS: 'tasks.example' });
    for (const host of ['evil.example', `evil.example:${new URL(server.url).port}`, 'localhost.evil.example'])
      expect([host, await create({ headers: { Host: host } })]).toEqual([host, 403]);
    for (const host of ['localhost', 'tasks.example', new URL(server.url).host])
      expect([host, await create({ headers: { Host: host } })]).toEqual([host, 201]);
  });

  it('lets no foreign page change anything, unless its origin was named', async () => {
    await start({ ENABLE_CORS: 'true', CORS_ORIGINS: 'https://app.example' });
    for (const headers of [
      { Origin: 'https://evil.example' },
      { Origin: 'null' },
      { Origin: 'https://app.example.evil.example' },
      { 'Sec-Fetch-Site': 'cross-site' },
    ])
      expect([headers, await create({ headers })]).toEqual([headers, 403]);
    expect(await create({ headers: { Origin: 'https://app.example' } })).toBe(201);
  });

  it('is asked of nobody at the operator’s own door', async () => {
    await start({ IP_ALLOWLIST: '192.0.2.1' });
    expect(await create()).toBe(403);
    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
    expect(await statusOverSocket(server.line.socket ?? '')).toBe(200);
  });
});

function statusOverSocket(socketPath: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const headers = { Host: 'whatever.example' };
    request({ socketPath, path: '/api/v1/tasks', headers }, (response) =>
      resolve(response.resume().statusCode),
    )
      .on('error', reject)
      .end();
  });
}
