import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { BuiltServer, type Finished } from '../../support/built-server';
import { eventually } from '../../support/eventually';
import { startPostgres, type TestPostgres } from '../../support/postgres';
import { useBuiltServer } from '../../support/use-built-server';

describe('task-orchestrator config', () => {
  const here = useBuiltServer();

  const config = (...args: readonly string[]): Promise<Finished> => here.run(['config', ...args]);
  const put = async (service: BuiltServer, body: object): Promise<number> =>
    (await service.request('/api/v1/config', { method: 'PUT', body: JSON.stringify(body) })).status;
  const limitOf = async (service: BuiltServer): Promise<string | null> =>
    (await service.request('/api/v1/tasks')).headers.get('x-ratelimit-limit');

  it('changes a running service, which has it at the next request and after a restart', async () => {
    const service = await here.start();
    expect(await limitOf(service)).toBe('1000');
    expect(await config('set', 'RATE_LIMIT_REQUESTS_PER_MINUTE', '2000')).toMatchObject({
      code: 0,
      output: 'RATE_LIMIT_REQUESTS_PER_MINUTE: 1000 -> 2000\n',
    });
    expect(await limitOf(service)).toBe('2000');
    await service.restart();
    expect(await limitOf(service)).toBe('2000');
    expect(await config('get', 'rate_limit.requests_per_minute')).toMatchObject({
      code: 0,
      output: '2000\n',
    });
    expect(await config('unset', 'RATE_LIMIT_REQUESTS_PER_MINUTE')).toMatchObject({
      output: 'RATE_LIMIT_REQUESTS_PER_MINUTE: 2000 -> 1000\n',
    });
    expect(await limitOf(service)).toBe('1000');
  });

  it('changes what the database keeps while nobody serves it', async () => {
    expect(await config('set', 'lease_seconds', '60')).toMatchObject({ code: 0 });
    expect(await config('set', 'CORS_ORIGINS', 'https://a.example,https://b.example')).toMatchObject({
      code: 0,
    });
    const { output } = await config('get', '--json');
    expect(JSON.parse(output)).toEqual(
      expect.arrayContaining([
        { name: 'LEASE_SECONDS', value: 60, origin: 'stored' },
        { name: 'CORS_ORIGINS', value: ['https://a.example', 'https://b.example'], origin: 'stored' },
        { name: 'LOG_LEVEL', value: 'info', origin: 'default' },
      ]),
    );
    const service = await here.start();
    const told = await (await service.request('/api/v1/config')).json();
    expect(told).toMatchObject({ data: { queue: { lease_seconds: 60 } } });
  });

  it('mends what keeps a service from starting, of which the start tells how', async () => {
    await config('set', 'LEASE_SECONDS', '60');
    const db = new Sqlite(join(here.path, 'data/tasks.db'));
    db.exec(`UPDATE settings SET value = '1' WHERE name = 'LEASE_SECONDS'`);
    db.close();
    const refused = await here.run(['serve']);
    expect(refused.code).toBe(1);
    expect(refused.errors).toMatch(
      /LEASE_SECONDS \(stored\): 1 is not allowed; it takes a whole number from 10 to 86400; "task-orchestrator config unset LEASE_SECONDS"/,
    );
    expect(await config('get', 'LEASE_SECONDS')).toMatchObject({
      output: '1\n',
      errors: expect.stringContaining('not allowed'),
    });
    expect(await config('unset', 'LEASE_SECONDS')).toMatchObject({
      code: 0,
      output: 'LEASE_SECONDS: 1 -> 1800\n',
    });
    await here.start();
  });

  it('mends an allow-list that shuts everybody out', async () => {
    await config('set', 'IP_ALLOWLIST', '203.0.113.7');
    const service = await here.start();
    expect((await service.request('/api/v1/tasks')).status).toBe(403);
    expect(await config('unset', 'IP_ALLOWLIST')).toMatchObject({ code: 0 });
    expect((await service.request('/api/v1/tasks')).status).toBe(200);
    expect(await put(service, { security: { ip_allowlist: ['203.0.113.7'] } })).toBe(422);
    expect((await service.request('/api/v1/tasks')).status).toBe(200);
  });

  it.each([
    [['set', 'SERVER_PORT', '9000'], /SERVER_PORT cannot change while the service runs/],
    [['set', 'LOG_LEVEL', 'loud'], /LOG_LEVEL: "loud" is not allowed; it takes one of/],
    [['set', 'LOG_LEVLE', 'debug'], /there is no setting LOG_LEVLE/],
    [['get', 'NOTHING'], /there is no setting NOTHING/],
  ])('refuses %j', async (args, complaint) => {
    const { code, errors } = await config(...args);
    expect(code).toBe(1);
    expect(errors).toMatch(complaint);
  });

  it('changes how much a running service logs', async () => {
    const service = await here.start();
    const logsProbe = async (id: string): Promise<boolean> => {
      await fetch(`${service.url}/health/live`, { headers: { 'x-request-id': id } });
      await fetch(`${service.url}/nowhere`, { headers: { 'x-request-id': `${id}-end` } });
      await eventually(async () => (service.logs().includes(`"${id}-end"`) ? true : null));
      return service.logs().includes(`"${id}"`);
    };
    expect(await logsProbe('at-info')).toBe(false);
    expect(await put(service, { logging: { level: 'debug' } })).toBe(200);
    expect(await logsProbe('at-debug')).toBe(true);
    expect(await put(service, { logging: { level: null } })).toBe(200);
    expect(await logsProbe('at-info-again')).toBe(false);
  });

  describe('on PostgreSQL', () => {
    let postgres: TestPostgres;
    beforeAll(async () => {
      postgres = await startPostgres();
    });
    afterAll(() => postgres.stop());

    it('reaches every instance', async () => {
      const env = {
        DATABASE_URL: await postgres.createDatabase(),
        API_SECRET_KEY: 'a-key-of-both-instances',
      };
      const service = await here.start(env);
      const other = await BuiltServer.start(env);
      try {
        expect(await put(service, { security: { rate_limit: { requests_per_minute: 3000 } } })).toBe(200);
        await eventually(async () => ((await limitOf(other)) === '3000' ? true : null));
        await here.run(['config', 'unset', 'RATE_LIMIT_REQUESTS_PER_MINUTE'], env);
        for (const each of [service, other])
          await eventually(async () => ((await limitOf(each)) === '1000' ? true : null));
      } finally {
        await other.dispose();
      }
    });
  });
});
