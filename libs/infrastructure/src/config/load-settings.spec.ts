import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadSettings, type LoadedSettings } from './load-settings';
import { SettingsRefused } from './settings-refused';
import { SETTINGS, type Settings } from './settings-table';

describe('loadSettings', () => {
  let cwd: string;

  beforeEach(() => {
    cwd = mkdtempSync(join(tmpdir(), 'settings-'));
  });

  afterEach(() => rmSync(cwd, { recursive: true }));

  const load = (env: Record<string, string>): LoadedSettings => loadSettings({ env, cwd });
  const settingsOf = (env: Record<string, string>): Settings => load(env).settings;

  function withFile(toml: string, env: Record<string, string> = {}): LoadedSettings {
    writeFileSync(join(cwd, 'conf.toml'), toml);
    return load({ CONFIG_FILE: 'conf.toml', ...env });
  }

  function problemsOf(attempt: () => unknown): string[] {
    try {
      attempt();
    } catch (error) {
      if (error instanceof SettingsRefused) return error.message.split('\n').slice(1);
      throw error;
    }
    return [];
  }

  it('has the documented defaults', () => {
    expect(settingsOf({})).toMatchObject({
      serverHost: '127.0.0.1',
      serverPort: 8080,
      taskManagerPort: 8084,
      taskTypes: null,
      databaseUrl: 'sqlite:///data/tasks.db',
      databaseMaxConnections: 100,
      databaseTimeoutSeconds: 30,
      apiSecretKey: null,
      enableAuth: true,
      enableDocs: true,
      leaseSeconds: 1800,
      requireLeaseToken: false,
      maxQueueSize: 10_000_000,
      promptMatchThreshold: 0.8,
      retryBaseSeconds: 5,
      retryCapSeconds: 900,
      rateLimitRequestsPerMinute: 1000,
      rateLimitBurstSize: 100,
      requestTimeoutSeconds: 30,
      maxConnections: 1000,
      shutdownGraceSeconds: 20,
      logLevel: 'info',
      logFormat: null,
    });
  });

  it('has defaults that its own rules take', () => {
    for (const { fallback, takes } of Object.values(SETTINGS)) {
      expect(fallback === null ? [] : takes.rule.check(fallback)).toEqual([]);
    }
  });

  it('prefers the file to a default, and the environment to the file', () => {
    const file = '[server]\nport = 9000\nhost = "::1"\n';

    expect(withFile(file, { SERVER_PORT: '9001' }).settings).toMatchObject({
      serverHost: '::1',
      serverPort: 9001,
      logLevel: 'info',
    });
  });

  it('takes the configuration file of the requirements, and says what in it has no effect', () => {
    const { settings, warnings } = withFile(`
      [database]
      url = "sqlite:///data/tasks.db"
      max_connections = 100
      timeout_seconds = 30
      [server]
      host = "0.0.0.0"
      port = 8080
      workers = 4
      [logging]
      level = "info"
      format = "json"
      file = "/var/log/task-orchestrator.log"
      [security]
      api_key = "a-key-of-32-characters-or-longer"
      enable_cors = true
      cors_origins = ["*"]
    `);

    expect(settings).toMatchObject({
      serverHost: '0.0.0.0',
      logFile: '/var/log/task-orchestrator.log',
      apiSecretKey: 'a-key-of-32-characters-or-longer',
      enableCors: true,
      corsOrigins: ['*'],
    });
    expect(warnings.map((warning) => warning.split(' ')[0])).toEqual(['SERVER_WORKERS']);
  });

  it('takes an empty variable as unset, and ignores variables that are no settings', () => {
    expect(settingsOf({ SERVER_PORT: '', CONFIG_FILE: '', SERVER_PROT: 'x' }).serverPort).toBe(8080);
  });

  it.each([
    ['ENABLE_AUTH', 'FALSE', { enableAuth: false }],
    ['SERVER_PORT', '0', { serverPort: 0 }],
    ['PROMPT_MATCH_THRESHOLD', '1', { promptMatchThreshold: 1 }],
    [
      'CORS_ORIGINS',
      'https://a.example, https://b.example',
      { corsOrigins: ['https://a.example', 'https://b.example'] },
    ],
  ])('reads %s=%s', (name, text, expected) => {
    expect(settingsOf({ [name]: text })).toMatchObject(expected);
  });

  it.each([
    ['SERVER_PORT', '65536', 'a whole number from 0 to 65535'],
    ['SERVER_PORT', '-1', 'a whole number from 0 to 65535'],
    ['SERVER_PORT', '80.5', 'a whole number from 0 to 65535'],
    ['SERVER_PORT', '0x50', 'a whole number from 0 to 65535'],
    ['SERVER_PORT', '8080 ', 'a whole number from 0 to 65535'],
    ['LEASE_SECONDS', '9', 'a whole number from 10 to 86400'],
    ['LEASE_SECONDS', '86401', 'a whole number from 10 to 86400'],
    ['PROMPT_MATCH_THRESHOLD', '1.01', 'a number from 0 to 1'],
    ['PROMPT_MATCH_THRESHOLD', 'NaN', 'a number from 0 to 1'],
    ['ENABLE_AUTH', 'no', 'true or false'],
    ['LOG_LEVEL', 'loud', 'one of fatal, error, warn, info, debug, trace'],
    ['LOG_FORMAT', 'xml', 'one of json, pretty'],
    ['DATABASE_URL', 'mysql://db.example/tasks', 'sqlite:///path'],
    ['SERVER_HOST', 'a\tb', '1 to 253 printable characters'],
    ['IP_ALLOWLIST', '10.0.0.0/8, office', 'IP addresses or CIDR ranges'],
    ['IP_ALLOWLIST', '10.0.0.0/33', 'IP addresses or CIDR ranges'],
    ['TRUST_PROXY', 'true', 'IP addresses or CIDR ranges'],
    ['TRUST_PROXY', '1', 'IP addresses or CIDR ranges'],
    ['TRUST_PROXY', '0.0.0.0/0', 'never all addresses'],
    ['TRUST_PROXY', '::/0', 'never all addresses'],
    ['ALLOWED_HOSTS', 'tasks.example:8080', 'host names without a port'],
    ['CORS_ORIGINS', 'https://a.example/', 'no slash at the end'],
    ['CORS_ORIGINS', 'a.example', 'origins such as https://app.example.com'],
    ['CORS_ORIGINS', 'null', 'origins such as https://app.example.com'],
    ['RATE_LIMIT_ENDPOINTS', '/api/v1/tasks=5', 'limits such as POST /api/v1/tasks=60'],
  ])('refuses %s=%s, and tells what is allowed', (name, text, allowed) => {
    const problems = problemsOf(() => load({ [name]: text }));

    expect(problems).toEqual([expect.stringContaining(`  ${name}: `)]);
    expect(problems[0]).toContain(allowed);
  });

  it('refuses text where the file must have a number', () => {
    expect(problemsOf(() => withFile('[server]\nport = "8080"\n'))).toEqual([
      expect.stringMatching(/SERVER_PORT \(server\.port in conf\.toml\): "8080" is not allowed/),
    ]);
  });

  it('names everything that is wrong at once', () => {
    const problems = problemsOf(() =>
      withFile('[server]\nprot = 1\n[sever]\nport = 1\n[logging]\nlevel = "loud"\n', {
        SERVER_PORT: 'x',
        MAX_QUEUE_SIZE: '0',
      }),
    );

    expect(problems.map((problem) => problem.trim().split(/[ :]/)[0]).sort()).toEqual([
      'LOG_LEVEL',
      'MAX_QUEUE_SIZE',
      'SERVER_PORT',
      'server.prot',
      'sever',
    ]);
  });

  it('never repeats a secret', () => {
    const problems = problemsOf(() =>
      withFile('[security]\napi_kye = "file-secret"\n', {
        API_SECRET_KEY: 'tooshort-secret',
        DATABASE_URL: 'mysql://app:url-secret@db.example/x',
      }),
    ).join('\n');

    expect(problems).toMatch(/API_SECRET_KEY: \*\*\* is not allowed; it takes 16 to 512 characters/);
    expect(problems).not.toMatch(/-secret/);
  });

  it('tells where a file is no TOML, without quoting it', () => {
    expect(problemsOf(() => withFile('[security]\napi_key = "file-secret\n'))).toEqual([
      expect.stringMatching(/conf\.toml: line 2, column \d+: (?!.*file-secret)/),
    ]);
  });

  it('tells that a file cannot be read', () => {
    expect(problemsOf(() => load({ CONFIG_FILE: 'missing.toml' }))).toEqual([
      expect.stringMatching(/CONFIG_FILE .*missing\.toml: cannot be read \(ENOENT/),
    ]);
  });

  it.each([
    'server = 1',
    '"" = 1',
    '[[server]]\nport = 1',
    '[__proto__]\nport = 1',
    '[server.tls]\nport = 1',
  ])('refuses a file with %j', (toml) => {
    expect(problemsOf(() => withFile(toml))).toEqual([expect.stringContaining('there is no such setting')]);
  });

  it('takes types of tasks from sections of the file, and from the environment as JSON', () => {
    const file =
      '[task_types.ocr]\ntimeout = 60\n[task_types.ocr.payload_schema]\nrequired = ["file_path"]\n';
    expect(withFile(file).settings.taskTypes).toEqual({
      ocr: { timeout: 60, payload_schema: { required: ['file_path'] } },
    });
    expect(withFile(file, { TASK_TYPES: '{"a": {}}' }).settings.taskTypes).toEqual({ a: {} });
  });

  it.each([
    ['[task_types.ocr]\ntimeout = 0\n', /because of ocr\.timeout .*604800/],
    ['[task_types.ocr]\ntime = 1\n', /because of ocr\.time .*payload_schema/],
    ['[task_types.ocr.payload_schema]\ntype = "text"\n', /ocr\.payload_schema .*JSON Schema/],
    ['task_types = 1\n', /1 is not allowed/],
  ])('refuses %j, and says where it is wrong', (toml, message) => {
    expect(problemsOf(() => withFile(toml))).toEqual([expect.stringMatching(message)]);
  });

  it('refuses one port for both listeners', () => {
    const problems = problemsOf(() => load({ SERVER_PORT: '8084' }));
    expect(problems).toEqual([expect.stringMatching(/TASK_MANAGER_PORT: 8084 .*SERVER_PORT.*0 for none/)]);
  });

  describe('ENABLE_AUTH=false', () => {
    it.each(['127.0.0.1', '::1', 'localhost'])('is taken on %s', (host) => {
      expect(settingsOf({ ENABLE_AUTH: 'false', SERVER_HOST: host }).enableAuth).toBe(false);
    });

    it.each(['0.0.0.0', '::', '192.168.0.4', 'tasks.example'])('is refused on %s', (host) => {
      expect(problemsOf(() => load({ ENABLE_AUTH: 'false', SERVER_HOST: host }))).toEqual([
        expect.stringMatching(/ENABLE_AUTH: false is not allowed.*ALLOW_INSECURE=true/),
      ]);
    });

    it('is taken everywhere when ALLOW_INSECURE=true is said too', () => {
      const env = { ENABLE_AUTH: 'false', SERVER_HOST: '0.0.0.0', ALLOW_INSECURE: 'true' };

      expect(settingsOf(env).enableAuth).toBe(false);
    });
  });
  it.each([
    [{ TLS_CERT_FILE: 'a.pem' }, /TLS_KEY_FILE: is missing/],
    [{ TLS_KEY_FILE: 'a.pem' }, /TLS_CERT_FILE: is missing/],
    [{ REQUIRE_HTTPS: 'true' }, /REQUIRE_HTTPS: true is not allowed.*TLS_CERT_FILE.*TRUST_PROXY/],
    [
      { ENABLE_AUTH: 'false', ENABLE_CORS: 'true', CORS_ORIGINS: '*' },
      /CORS_ORIGINS: \* is not allowed, since ENABLE_AUTH is false/,
    ],
  ])('refuses %j, which cannot work together', (env: Record<string, string>, problem) => {
    expect(problemsOf(() => load(env))).toEqual([expect.stringMatching(problem)]);
  });

  it.each([
    { TLS_CERT_FILE: 'a.pem', TLS_KEY_FILE: 'b.pem', REQUIRE_HTTPS: 'true' },
    { TRUST_PROXY: '10.0.0.1', REQUIRE_HTTPS: 'true' },
    { ENABLE_CORS: 'true', CORS_ORIGINS: '*' },
    { ENABLE_AUTH: 'false', CORS_ORIGINS: '*' },
  ])('takes %j', (env: Record<string, string>) => {
    expect(problemsOf(() => load(env))).toEqual([]);
  });
});
