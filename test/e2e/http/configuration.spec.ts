import { SettingsStore, StoreUnavailable, type StoredValues } from '@task/application';
import { InMemorySettingsStore, LiveSettings, loadSettings } from '@task/infrastructure';
import { fieldsIn, type ApiAnswer, type ApiClient } from '../../support/api-client';
import { TestService } from './service';

interface Configuration {
  readonly [section: string]: Record<string, unknown>;
  readonly origins: Record<string, string>;
}

interface Changed {
  readonly message: string;
  readonly changes: readonly { field: string; old_value: unknown; new_value: unknown }[];
  readonly applied_at: string;
}

class BrokenSettingsStore extends SettingsStore {
  override async read(): Promise<StoredValues> {
    return new Map();
  }

  override async write(): Promise<void> {
    throw new StoreUnavailable('unknown');
  }

  override watch(): () => void {
    return () => undefined;
  }
}

describe('the configuration', () => {
  let service: TestService;
  let admin: ApiClient;
  let live: LiveSettings;
  let store: InMemorySettingsStore;

  beforeEach(async () => {
    const types = { resize: { timeout: 60, payload_schema: { type: 'object', required: ['width'] } } };
    const env = {
      API_SECRET_KEY: 'the-operators-own-key',
      LEASE_SECONDS: '600',
      TASK_TYPES: JSON.stringify(types),
    };
    live = new LiveSettings(loadSettings({ env, cwd: '/srv' }));
    store = new InMemorySettingsStore();
    service = await TestService.start({ live, settingsStore: store });
    admin = service.as('admin');
  });
  afterEach(() => service.close());

  const read = async (): Promise<Configuration> =>
    (await admin.get<Configuration>('/api/v1/config')).body.data;
  const put = (body: unknown): Promise<ApiAnswer<Changed>> => admin.send('PUT', '/api/v1/config', { body });

  it('is told in the shape of the specification', async () => {
    expect(await read()).toMatchObject({
      server: { host: '127.0.0.1', port: 8080, workers: 1, timeout: 30 },
      database: { url: 'sqlite:///data/tasks.db', max_connections: 100, timeout: 30 },
      security: {
        enable_auth: true,
        api_key_required: true,
        rate_limit: { requests_per_minute: 1000, burst_size: 100 },
      },
      logging: { level: 'info', format: null, file: null },
      queue: { lease_seconds: 600 },
    });
  });

  it('tells where each value comes from, and no secret', async () => {
    const told = await read();
    expect(told.origins).toMatchObject({
      'queue.lease_seconds': 'environment',
      'security.api_key': 'environment',
      'logging.level': 'default',
    });
    expect(told.security?.api_key).toBe('***');
    expect(JSON.stringify(told)).not.toContain('the-operators-own-key');
  });

  it('is changed as the specification shows it', async () => {
    const { status, body } = await put({
      logging: { level: 'debug' },
      security: { rate_limit: { requests_per_minute: 2000 } },
    });
    expect(status).toBe(200);
    expect(body.data).toEqual({
      message: 'Configuration updated successfully',
      changes: [
        { field: 'security.rate_limit.requests_per_minute', old_value: 1000, new_value: 2000 },
        { field: 'logging.level', old_value: 'info', new_value: 'debug' },
      ],
      applied_at: new Date(service.clock.now()).toISOString(),
    });
    expect(live.values).toMatchObject({ logLevel: 'debug', rateLimitRequestsPerMinute: 2000 });
    expect((await read()).origins['logging.level']).toBe('stored');
    expect(Object.fromEntries(await store.read())).toEqual({
      LOG_LEVEL: 'debug',
      RATE_LIMIT_REQUESTS_PER_MINUTE: 2000,
    });
  });

  it('can be sent back whole, with one value changed', async () => {
    const whole = await read();
    const { status, body } = await put({ ...whole, logging: { ...whole.logging, level: 'warn' } });
    expect(status).toBe(200);
    expect(body.data.changes.map(({ field }) => field)).toEqual(['logging.level']);
  });

  it('takes the stored value back with null', async () => {
    await put({ queue: { lease_seconds: 60 } });
    expect((await put({ queue: { lease_seconds: null } })).body.data.changes).toEqual([
      { field: 'queue.lease_seconds', old_value: 60, new_value: 600 },
    ]);
    expect((await read()).origins['queue.lease_seconds']).toBe('environment');
  });

  it('names everything that is wrong, and changes nothing', async () => {
    const answer = await put({
      logging: { level: 'loud' },
      queue: { lease_seconds: 60, max_queue_size: 0, 'retry.cap': 1 },
    });
    expect(answer.status).toBe(400);
    expect(fieldsIn(answer)).toEqual([expect.stringMatching(/^queue\.retry.cap$/)]);
    const values = await put({ logging: { level: 'loud' }, queue: { lease_seconds: 60, max_queue_size: 0 } });
    expect(fieldsIn(values)).toEqual(['queue.max_queue_size', 'logging.level']);
    expect((await read()).queue?.lease_seconds).toBe(600);
  });

  it.each([
    [{ colour: {} }, ['colour']],
    [{ logging: 'debug' }, ['logging']],
    [{ security: { rate_limit: 5 } }, ['security.rate_limit']],
    [{ security: { rate_limit: null } }, ['security.rate_limit']],
    [{ logging: { level: { deep: 1 } } }, ['logging.level']],
    [[], ['body']],
  ])('refuses %j', async (body, fields) => {
    const answer = await put(body);
    expect(answer.status).toBe(400);
    expect(fieldsIn(answer)).toEqual(fields);
  });

  it('refuses with 422 what needs a restart, and names it', async () => {
    const { status, body } = await put({ logging: { level: 'debug' }, server: { port: 9000 } });
    expect(status).toBe(422);
    expect(body.error).toMatchObject({
      code: 'UNPROCESSABLE_ENTITY',
      details: { code: 'NEEDS_RESTART', settings: [{ field: 'server.port', setting: 'SERVER_PORT' }] },
    });
    expect(live.values.logLevel).toBe('info');
  });

  it('refuses with 422 an allow-list that would shut its caller out', async () => {
    const { status, body } = await put({ security: { ip_allowlist: ['203.0.113.0/24'] } });
    expect(status).toBe(422);
    expect(body.error.details).toEqual({ code: 'SHUTS_OUT_CALLER', address: '127.0.0.1' });
    expect((await put({ security: { ip_allowlist: ['203.0.113.0/24', '127.0.0.0/8'] } })).status).toBe(200);
  });

  it('refuses in Chinese too', async () => {
    const { body } = await admin.send('PUT', '/api/v1/config', {
      body: { server: { port: 9000 } },
      headers: { 'Accept-Language': 'zh' },
    });
    expect(body.error.message).toMatch(/重启/);
  });

  it('writes down who changed what', async () => {
    await put({ logging: { level: 'debug' } });
    const { entries } = await service.core.audit.list({ action: 'config.change' }, 10, null);
    expect(entries).toEqual([
      expect.objectContaining({ actor: 'admin-key', outcome: 'done', address: '127.0.0.1' }),
    ]);
  });

  it.each(['reader', 'producer', 'worker'] as const)('is none of the business of a %s', async (role) => {
    const client = service.as(role);
    expect((await client.get('/api/v1/config')).status).toBe(403);
    expect((await client.send('PUT', '/api/v1/config', { body: {} })).status).toBe(403);
  });

  it('takes no query', async () => {
    expect(fieldsIn(await admin.get('/api/v1/config?section=logging'))).toEqual(['section']);
  });

  it('uses nothing that the database does not keep', async () => {
    const broken = await TestService.start({ live, settingsStore: new BrokenSettingsStore() });
    const { status } = await broken
      .as('admin')
      .send('PUT', '/api/v1/config', { body: { logging: { level: 'debug' } } });
    expect(status).toBe(503);
    expect(live.values.logLevel).toBe('info');
    await broken.close();
  });
});
