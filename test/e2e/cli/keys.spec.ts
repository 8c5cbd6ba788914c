import { ApiClient } from '../../support/api-client';
import type { Environment, Finished } from '../../support/built-server';
import { eventually } from '../../support/eventually';
import { startPostgres, type TestPostgres } from '../../support/postgres';
import { useBuiltServer } from '../../support/use-built-server';

const KEY = /^to_[0-9A-Za-z]{49}\n$/;

interface Shown {
  readonly id: string;
  readonly name: string;
  readonly status: string;
  readonly created_by: string | null;
}

describe('task-orchestrator keys', () => {
  const here = useBuiltServer();

  const run = (args: readonly string[], env?: Environment): Promise<Finished> =>
    here.run(['keys', ...args], env);
  const listed = async (args: readonly string[] = [], env?: Environment): Promise<readonly Shown[]> =>
    JSON.parse((await run(['list', '--json', ...args], env)).output) as Shown[];
  const statusWith = async (url: string, key: string): Promise<number> =>
    (await new ApiClient(url, key.trim()).get('/api/v1/tasks')).status;

  it('makes a key before anybody serves the file, which opens the door afterwards', async () => {
    const made = await run(['create', 'ci', '--role', 'producer', 'worker', '--expires-in-days', '30']);
    expect(made).toMatchObject({ code: 0, output: expect.stringMatching(KEY) });
    expect(made.errors).toContain('The key of ci (producer, worker; expires at 2');
    expect(made.errors).not.toContain(made.output.trim());

    await here.start({ API_SECRET_KEY: 'a-key-of-the-operator' });
    expect(await statusWith(here.server.url, made.output)).toBe(200);
    expect(await listed()).toMatchObject([{ name: 'ci', status: 'active', created_by: 'operator' }]);
  });

  it('asks the running service through its socket, so that a revoked key is shut out at once', async () => {
    await here.start();
    const { code, output } = await run(['create', 'ci', '-r', 'reader', '--json']);
    const made = JSON.parse(output) as Shown & { readonly key: string };
    expect([code, Object.keys(made)]).toEqual([
      0,
      ['id', 'name', 'roles', 'key', 'expires_at', 'created_at'],
    ]);
    expect(await statusWith(here.server.url, made.key)).toBe(200);

    expect(await run(['revoke', 'ci'])).toMatchObject({ code: 0, output: `ci (${made.id}) is revoked.\n` });
    expect(await statusWith(here.server.url, made.key)).toBe(401);
    expect((await listed()).map(({ name }) => name)).toEqual(['admin']);
    expect((await listed(['--all'])).map(({ status }) => status)).toEqual(['active', 'revoked']);
  });

  it('asks the service that it is told of, with the key that it is told', async () => {
    await here.start();
    const { url: TASK_ORCHESTRATOR_URL, key: TASK_ORCHESTRATOR_API_KEY } = here.server;
    const env = { TASK_ORCHESTRATOR_URL, TASK_ORCHESTRATOR_API_KEY };
    await run(['create', 'ci', '-r', 'reader'], env);
    expect(await listed([], env)).toMatchObject([{ name: 'admin' }, { name: 'ci', created_by: 'admin' }]);
    const refused = await run(['list'], { TASK_ORCHESTRATOR_URL });
    expect([refused.code, refused.errors]).toEqual([1, expect.stringContaining('A valid API key is needed')]);
  });

  it('shows people a table, without any secret', async () => {
    const { output: key } = await run(['create', 'ci', '--role', 'reader', '--requests-per-minute', '7']);
    const { output } = await run(['list']);
    expect(output).toMatch(/│ ci +│ reader │ active │ never +│ never +│ 7 +│ operator │/);
    expect(output).not.toContain(key.trim());
    expect((await run(['revoke', 'ci', '--json'])).output).toContain('"status": "revoked"');
    expect((await run(['list'])).output).toBe('There are no keys.\n');
  });

  it.each<[readonly string[], number, string]>([
    [['create', 'ci'], 2, "required option '-r, --role <role...>' not specified"],
    [['create', 'ci', '--role', 'root'], 2, 'Allowed choices are reader, producer, worker, admin'],
    [['create', 'admin', '--role', 'reader'], 1, 'name must not be one of: admin, operator, anonymous'],
    [['create', 'ci', '-r', 'reader', '--expires-in-days', 'x'], 2, 'It takes a whole number'],
    [['create', 'ci', '-r', 'reader', '--requests-per-minute', ''], 2, 'It takes a whole number'],
    [['create', 'ci', '-r', 'reader', '--expires-in-days', '0'], 1, 'expires_in_days must be from 1 to 3650'],
    [['revoke', 'nobody'], 1, 'there is no key called nobody'],
    [['revoke', '00000000-0000-4000-8000-000000000001'], 1, 'There is no key with this id'],
    [['frobnicate'], 2, "unknown command 'frobnicate'"],
  ])('refuses %j and says why, with the service and without', async (args, code, message) => {
    const stored = await run(args);
    expect([stored.code, stored.output, stored.errors]).toEqual([code, '', expect.stringContaining(message)]);
    if (code === 2) return;
    await here.start();
    const served = await run(args);
    expect([served.code, served.output, served.errors]).toEqual([code, '', expect.stringContaining(message)]);
  });

  describe('on PostgreSQL', () => {
    let postgres: TestPostgres;

    beforeAll(async () => (postgres = await startPostgres()), 120_000);
    afterAll(() => postgres.stop());

    it('works on the database itself, and whoever serves it learns of it within seconds', async () => {
      const env = { DATABASE_URL: await postgres.createDatabase() };
      await here.start(env);
      const { url } = here.server;
      const { output: key } = await run(['create', 'ci', '-r', 'reader'], env);
      expect(await statusWith(url, key)).toBe(200);
      expect((await run(['revoke', 'ci'], env)).code).toBe(0);
      await eventually(async () => ((await statusWith(url, key)) === 401 ? true : null), {
        timeoutMs: 5_000,
      });
    });
  });
});
