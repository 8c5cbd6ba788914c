import { readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { runInShell, type BuiltServer } from '../../support/built-server';
import { useBuiltServer } from '../../support/use-built-server';

const KEY = `the operator's own "key" 钥匙`;
const OTHER_KEY = 'quite another key of sixteen';
const ENCRYPTED = { DATABASE_ENCRYPTION_KEY: KEY };
const SECRETS = ['a-prompt-for-nobody-else', 'a-result-for-nobody-else', 'a-failure-for-nobody-else'];

describe('a service with DATABASE_ENCRYPTION_KEY', () => {
  const here = useBuiltServer();
  const file = (): string => join(here.path, 'data/tasks.db');

  /** Everything that lies in the folder, and which of the secrets is in it. */
  const readable = (): string[] => {
    const files = readdirSync(here.path, { recursive: true, encoding: 'utf8' }).map((name) =>
      join(here.path, name),
    );
    const bytes = files.filter((path) => statSync(path).isFile()).map((path) => readFileSync(path));
    return SECRETS.filter((secret) => bytes.some((content) => content.includes(secret)));
  };

  /** Work that goes through every table, index, sort and log. */
  const work = async (service: BuiltServer): Promise<void> => {
    const [prompt = '', result = '', failure = ''] = SECRETS;
    const task = {
      work_directory: '/srv/project',
      prompt,
      payload: { prompt },
      tags: ['x'],
      metadata: { prompt },
    };
    await service.request('/api/v1/tasks/batch', {
      json: { tasks: Array.from({ length: 300 }, () => task) },
    });
    for (const end of [
      { path: 'complete', json: { result: { output: result } } },
      { path: 'fail', json: { error_message: failure } },
    ]) {
      const claim = await service.request('/api/v1/tasks/next?work_path=/srv/project');
      const { data } = (await claim.json()) as { data: { task_id: string; lease_token: string } };
      const { status } = await service.request(`/api/v1/tasks/${data.task_id}/${end.path}`, {
        json: { ...end.json, lease_token: data.lease_token },
      });
      expect(status).toBe(200);
    }
    const list = await service.request('/api/v1/tasks?sort_by=priority&tags=x&limit=100');
    expect(list.status).toBe(200);
  };
  const tasks = async (service: BuiltServer): Promise<number> => {
    const list = (await (await service.request('/api/v1/tasks')).json()) as {
      data: { pagination: { total: number } };
    };
    return list.data.pagination.total;
  };

  it('leaves nothing on disk that could be read, while it runs and after it', async () => {
    const service = await here.start(ENCRYPTED);
    await work(service);
    expect(statSync(`${file()}-wal`).size).toBeGreaterThan(0);
    expect(readable()).toEqual([]);
    await service.stop();
    expect(readable()).toEqual([]);
    await service.restart();
    expect(await tasks(service)).toBe(300);
    await service.kill('SIGKILL');
    expect(readable()).toEqual([]);
  });

  it('is needed for that: without it every secret can be read', async () => {
    const service = await here.start();
    await work(service);
    expect(readable()).toEqual(SECRETS);
  });

  it('takes over a file that was encrypted, and one that got another key', async () => {
    await work(await here.start());
    await here.server.stop();
    expect(await here.run(['encrypt'], ENCRYPTED)).toMatchObject({
      code: 0,
      output: expect.stringContaining('is encrypted'),
    });
    expect(readable()).toEqual([]);
    await here.server.restart(ENCRYPTED);
    expect(await tasks(here.server)).toBe(300);
    await here.server.stop();
    expect(await here.run(['rekey'], { ...ENCRYPTED, NEW_DATABASE_ENCRYPTION_KEY: OTHER_KEY })).toMatchObject(
      {
        code: 0,
      },
    );
    expect(await here.run(['rekey'], { ...ENCRYPTED, NEW_DATABASE_ENCRYPTION_KEY: OTHER_KEY })).toMatchObject(
      {
        code: 0,
        output: expect.stringContaining('nothing to do'),
      },
    );
    await here.server.restart({ DATABASE_ENCRYPTION_KEY: OTHER_KEY });
    expect(await tasks(here.server)).toBe(300);
    await here.server.stop();
    expect(await here.run(['decrypt'], { DATABASE_ENCRYPTION_KEY: OTHER_KEY })).toMatchObject({ code: 0 });
    await here.server.restart({});
    expect(await tasks(here.server)).toBe(300);
  });

  it('says what does not fit: file or key', async () => {
    expect((await here.run(['migrate'], ENCRYPTED)).code).toBe(0);
    const failures = [
      await here.run(['serve'], { DATABASE_ENCRYPTION_KEY: OTHER_KEY }),
      await here.run(['migrate'], {}),
      await here.run(['rekey'], {
        DATABASE_ENCRYPTION_KEY: OTHER_KEY,
        NEW_DATABASE_ENCRYPTION_KEY: `${OTHER_KEY}2`,
      }),
      await here.run(['rekey'], ENCRYPTED),
      await here.run(['encrypt'], {}),
    ];
    expect(failures.map(({ code }) => code)).toEqual([1, 1, 1, 1, 1]);
    expect(failures.map(({ errors }) => errors)).toEqual([
      expect.stringMatching(/tasks\.db: DATABASE_ENCRYPTION_KEY does not open it/),
      expect.stringMatching(/tasks\.db: it is encrypted, .*set DATABASE_ENCRYPTION_KEY/),
      expect.stringMatching(/DATABASE_ENCRYPTION_KEY does not open it/),
      expect.stringMatching(/NEW_DATABASE_ENCRYPTION_KEY: it takes 16 to 512/),
      expect.stringMatching(/DATABASE_ENCRYPTION_KEY is not set/),
    ]);
    rmSync(file());
    expect((await here.run(['migrate'], {})).code).toBe(0);
    expect((await here.run(['serve'], ENCRYPTED)).errors).toMatch(
      /it is not encrypted, though DATABASE_ENCRYPTION_KEY/,
    );
    for (const { errors, output } of failures)
      expect(errors + output).not.toMatch(/operator's own|another key of/);
  }, 180_000);

  it('tells what the disk refuses, and leaves the file as it is', async () => {
    await here.run(['migrate']);
    // The largest file that the process may write; what it writes of its own coverage would be cut off too.
    const script = 'unset NODE_V8_COVERAGE; ulimit -f 64; program encrypt';
    const { code, errors } = await runInShell(here.path, script, ENCRYPTED);

    expect([code, errors]).toEqual([
      1,
      expect.stringMatching(/^task-orchestrator: cannot convert .*tasks\.db: disk I\/O error\n$/),
    ]);
    expect((await here.run(['migrate'])).output).toContain('nothing to do');
  });

  it('keeps its file from being converted while it runs', async () => {
    await here.start();
    const { code, errors } = await here.run(['encrypt'], ENCRYPTED);
    expect(code).toBe(1);
    expect(errors).toMatch(/is in use by process \d+/);
  });

  it('is refused for a database that is no file here', async () => {
    const { code, errors } = await here.run(['serve'], {
      ...ENCRYPTED,
      DATABASE_URL: 'postgres://db.example/tasks',
    });
    expect(code).toBe(1);
    expect(errors).toMatch(/DATABASE_ENCRYPTION_KEY: is not allowed, since only a SQLite file/);
  });
});
