import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BuiltServer, type Environment } from '../../support/built-server';
import { eventually } from '../../support/eventually';

describe('the service, as a process', () => {
  let server: BuiltServer;

  afterEach(() => server.dispose());

  const start = async (env?: Environment): Promise<BuiltServer> => (server = await BuiltServer.start(env));
  const data = (...names: string[]): string => join(server.folder, 'data', ...names);
  const modeOf = (path: string): number => statSync(path).mode & 0o777;

  it('says where it is, where its documentation, its key and its data are, and how long the start took', async () => {
    const { line } = await start();

    expect(line).toMatchObject({
      url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/),
      docs: `${line.url}/docs`,
      admin_key_file: data('admin.key'),
      database: data('tasks.db'),
      socket: data('tasks.db.sock'),
      duration_ms: expect.any(Number),
    });
    expect((await fetch(line.docs ?? '')).status).toBe(200);
    expect((await fetch(`${line.url}/health/ready`)).status).toBe(200);
  });

  it('keeps everything that it makes for its owner', async () => {
    await start();

    expect(modeOf(data())).toBe(0o700);
    for (const name of readdirSync(data())) expect([name, modeOf(data(name))]).toEqual([name, 0o600]);
  });

  it('makes an admin key at the first start, shows it once, and works with it ever after', async () => {
    await start();
    const { key } = server;
    const created = await server.request('/api/v1/tasks', {
      json: { work_directory: '/srv/a', prompt: 'Write a test.' },
    });
    await server.restart();
    await server.restart();
    const listed = await server.request('/api/v1/tasks');

    expect(key).toMatch(/^to_[0-9A-Za-z]{49}$/);
    expect(server.logs().split(key)).toHaveLength(2);
    expect([created.status, listed.status]).toEqual([201, 200]);
    expect(await listed.text()).toContain('Write a test.');
    expect(server.key).toBe(key);
  });

  it('goes on when it is told to read its files again, though it has none', async () => {
    await start();
    server.signal('SIGHUP');
    await eventually(() =>
      Promise.resolve(server.logs().includes('there is nothing to be read again') || null),
    );

    expect((await fetch(`${server.url}/health/ready`)).status).toBe(200);
  });

  it('makes no key when the operator has chosen one', async () => {
    await start({ API_SECRET_KEY: 'chosen-by-the-operator' });

    expect((await server.request('/api/v1/tasks')).status).toBe(200);
    expect((await fetch(`${server.url}/api/v1/tasks`)).status).toBe(401);
    expect(existsSync(data('admin.key'))).toBe(false);
    expect(server.logs()).not.toContain('chosen-by-the-operator');
  });

  it.each(['SIGTERM', 'SIGINT'] as const)(
    'ends with code 0 on %s and removes what said that it serves',
    async (signal) => {
      await start();

      expect(await server.kill(signal)).toEqual({ code: 0, signal: null });
      expect(readdirSync(data()).sort()).toEqual(['admin.key', 'tasks.db', 'tasks.db.lock']);
      expect(server.logs()).toContain('"msg":"stopped"');
    },
  );

  it('tells others who it is while it serves', async () => {
    await start();

    expect(JSON.parse(readFileSync(data('tasks.db.owner.json'), 'utf8'))).toMatchObject({
      pid: server.pid,
      urls: [server.url],
      socketPath: server.line.socket,
    });
  });

  it('reads its settings from a file too', async () => {
    await start();
    await server.stop();
    const file = join(server.folder, 'conf.toml');
    writeFileSync(
      file,
      '[server]\nenable_docs = false\nworkers = 4\n[security]\napi_key = "kept-in-the-file-only"\n',
    );
    await server.restart({ CONFIG_FILE: 'conf.toml' });
    const headers = { authorization: 'Bearer kept-in-the-file-only' };

    expect(server.line.docs).toBeUndefined();
    expect((await fetch(`${server.url}/docs`)).status).toBe(404);
    expect((await fetch(`${server.url}/api/v1/tasks`, { headers })).status).toBe(200);
    expect(server.logs()).toContain('SERVER_WORKERS has no effect');
    expect(server.logs()).not.toContain('kept-in-the-file-only');
  });
});
