import type { ConfigurationEntry, StoredValue } from '@task/application';
import { LiveSettings } from './live-settings';
import { loadSettings } from './load-settings';
import { SettingsConfiguration } from './settings-configuration';
import { SettingsRefused } from './settings-refused';

const stored = (values: Record<string, StoredValue>): Map<string, StoredValue> =>
  new Map(Object.entries(values));

describe('SettingsConfiguration', () => {
  const started = (env: Record<string, string> = {}): SettingsConfiguration =>
    new SettingsConfiguration(new LiveSettings(loadSettings({ env, cwd: '/srv' })));
  const entry = (configuration: SettingsConfiguration, field: string): ConfigurationEntry | undefined =>
    configuration.entries().find((one) => one.field === field);

  it.each([
    'server.host',
    'server.port',
    'server.workers',
    'server.timeout',
    'database.url',
    'database.max_connections',
    'database.timeout',
    'security.enable_auth',
    'security.api_key_required',
    'security.rate_limit.requests_per_minute',
    'security.rate_limit.burst_size',
    'logging.level',
    'logging.format',
    'logging.file',
  ])('tells %s', (field) => {
    expect(entry(started(), field)).toBeDefined();
  });

  it('tells no field twice', () => {
    const fields = started()
      .entries()
      .map(({ field }) => field);
    expect(new Set(fields).size).toBe(fields.length);
  });

  it('masks secrets, and the password in an address', () => {
    const told = started({
      API_SECRET_KEY: 'a-secret-of-the-operator',
      DATABASE_URL: 'postgres://app:url-secret@db.example/tasks',
    }).entries();
    expect(told).toContainEqual(expect.objectContaining({ field: 'security.api_key', value: '***' }));
    expect(told).toContainEqual(
      expect.objectContaining({ field: 'database.url', value: 'postgres://***@db.example/tasks' }),
    );
    expect(JSON.stringify(told)).not.toMatch(/a-secret|url-secret/);
  });

  it('tells that there is no secret', () => {
    expect(entry(started(), 'security.api_key')?.value).toBeNull();
  });

  it('tells where a value comes from', () => {
    const configuration = started({ LEASE_SECONDS: '60' });
    configuration.use(stored({ LOG_LEVEL: 'debug' }));
    expect(entry(configuration, 'queue.lease_seconds')?.origin).toBe('environment');
    expect(entry(configuration, 'logging.level')).toMatchObject({ value: 'debug', origin: 'stored' });
    expect(Object.fromEntries(configuration.stored)).toEqual({ LOG_LEVEL: 'debug' });
  });

  it.each<[Record<string, StoredValue>, RegExp]>([
    [
      { LOG_LEVEL: 'loud' },
      /LOG_LEVEL \(stored\): "loud" is not allowed; it takes one of .*config unset LOG_LEVEL/,
    ],
    [{ LEASE_SECONDS: '60' }, /LEASE_SECONDS \(stored\): "60" is not allowed/],
    [{ SERVER_PORT: 81 }, /SERVER_PORT \(stored\): it needs a restart.*config unset SERVER_PORT/],
  ])('refuses %j, says what is allowed and how to mend it, and stays as it was', (values, complaint) => {
    const configuration = started();
    const attempt = (): void => configuration.use(stored({ ...values, MAX_QUEUE_SIZE: 5 }));
    expect(attempt).toThrow(SettingsRefused);
    expect(attempt).toThrow(complaint);
    expect(entry(configuration, 'queue.max_queue_size')?.value).toBe(10_000_000);
  });

  it('leaves alone what another version has stored', () => {
    const configuration = started();
    configuration.use(stored({ FUTURE_SETTING: 1, MAX_QUEUE_SIZE: 5 }));
    expect(entry(configuration, 'queue.max_queue_size')?.value).toBe(5);
  });

  it('knows whom an allow-list would shut out', () => {
    const configuration = started();
    const list = stored({ IP_ALLOWLIST: ['10.0.0.0/8'] });
    expect(configuration.admits('192.0.2.7', list)).toBe(false);
    expect(configuration.admits('10.1.2.3', list)).toBe(true);
    expect(configuration.admits('192.0.2.7', stored({}))).toBe(true);
  });

  it('knows what does not go together', () => {
    const configuration = started({ ENABLE_AUTH: 'false' });
    const everyPage = stored({ ENABLE_CORS: true, CORS_ORIGINS: ['*'] });
    expect(configuration.contradictions(everyPage)).toEqual([expect.stringContaining('CORS_ORIGINS')]);
    expect(() => configuration.use(everyPage)).toThrow('CORS_ORIGINS');
    expect(configuration.contradictions(stored({}))).toEqual([]);
  });
});
