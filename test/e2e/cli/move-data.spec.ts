import { once } from 'node:events';
import { BuiltServer, launch } from '../../support/built-server';
import { startPostgres, type TestPostgres } from '../../support/postgres';
import { useBuiltServer } from '../../support/use-built-server';

const API_SECRET_KEY = 'to_move-everything';
const FILE = 'sqlite:///data/tasks.db';
const BIG = '长文本 '.repeat(8_000);

/** What the same question must be answered with before and after the move. */
const QUESTIONS = [
  '/api/v1/tasks?limit=1000&sort_by=created_at&sort_order=asc',
  '/api/v1/tasks?limit=1000&sort_by=priority&tags=β',
  '/api/v1/tasks?status=failed',
  '/api/v1/tasks?work_directory=项目',
  '/api/v1/statistics?period=24h',
  '/api/v1/workers',
  '/api/v1/keys?include_revoked=true',
  '/api/v1/audit?limit=100',
  '/api/v1/config',
  '/task-manager/api/v1/stats/tasks',
];
/** Says when it was asked, what it was asked by, or what runs the service. */
const OF_THE_MOMENT =
  /"(?:timestamp|uptime|last_used_at|last_seen|url|time_series|database|last_seen_at|alive|status_since)":(?:"[^"]*"|\[[^\]]*\]|true|false|\{[^}]*\})/g;

interface Task {
  readonly task_id: string;
  readonly lease_token: string;
}

describe('task-orchestrator migrate-data', () => {
  let postgres: TestPostgres;
  const here = useBuiltServer({ API_SECRET_KEY });

  beforeAll(async () => (postgres = await startPostgres()), 120_000);
  afterAll(() => postgres.stop());
  const post = async (service: BuiltServer, path: string, json: unknown = {}): Promise<unknown> => {
    const response = await service.request(path, { json });
    expect([200, 201]).toContain(response.status);
    return ((await response.json()) as { data: unknown }).data;
  };
  const claim = async (service: BuiltServer): Promise<Task> => {
    const answer = await service.request('/api/v1/tasks/next?work_path=/srv/项目&worker_id=工作者');
    return ((await answer.json()) as { data: Task }).data;
  };

  /** Work through every state, with a history, keys and settings. */
  const work = async (service: BuiltServer): Promise<void> => {
    const task = {
      work_directory: '/srv/项目',
      tags: ['β'],
      payload: { big: BIG },
      metadata: { 谁: '张三' },
    };
    const tasks = Array.from({ length: 40 }, (_, index) => ({ ...task, prompt: `任务 ${index} 🚀` }));
    await post(service, '/api/v1/tasks/batch', { tasks });
    const done = await claim(service);
    await post(service, `/api/v1/tasks/${done.task_id}/complete`, {
      result: { 输出: 'ok' },
      lease_token: done.lease_token,
    });
    const failed = await claim(service);
    await post(service, `/api/v1/tasks/${failed.task_id}/fail`, {
      error_message: '磁盘已满',
      lease_token: failed.lease_token,
    });
    const retried = await claim(service);
    await post(service, `/api/v1/tasks/${retried.task_id}/fail`, {
      error_message: 'x',
      lease_token: retried.lease_token,
    });
    await post(service, `/api/v1/tasks/${retried.task_id}/retry`);
    const held = await claim(service);
    await post(service, `/api/v1/tasks/${held.task_id}/cancel`, { force: true, reason: '够了' });
    await claim(service);
    await post(service, '/api/v1/keys', { name: '钥匙', roles: ['worker'] });
    const config = { json: undefined, method: 'PUT', body: JSON.stringify({ queue: { lease_seconds: 77 } }) };
    expect((await service.request('/api/v1/config', config)).status).toBe(200);
  };
  const answers = async (service: BuiltServer): Promise<ReadonlyMap<string, string>> => {
    const list = (await (await service.request('/api/v1/tasks?limit=1000')).json()) as {
      data: { tasks: readonly Task[] };
    };
    const ids = list.data.tasks.map(({ task_id }) => task_id);
    const paths = [
      ...QUESTIONS,
      ...ids.flatMap((id) => [`/api/v1/tasks/${id}`, `/api/v1/tasks/${id}/history`]),
    ];
    const told = new Map<string, string>();
    for (const path of paths) {
      const response = await service.request(path);
      expect([path, response.status]).toEqual([path, 200]);
      told.set(path, `${response.status} ${(await response.text()).replace(OF_THE_MOMENT, '')}`);
    }
    return told;
  };

  it('moves everything, also when it is killed in the middle: every answer is the same', async () => {
    const service = await here.start({ DATABASE_URL: FILE });
    await work(service);
    const owned = await here.run(['migrate-data', '--from', FILE, '--to', 'postgres://a@127.0.0.1:1/x']);
    expect(owned).toMatchObject({ code: 1, errors: expect.stringMatching(/is in use by process/) });
    const before = await answers(service);
    await service.stop();

    const DATABASE_URL = await postgres.createDatabase();
    const args = ['migrate-data', '--from', FILE, '--to', DATABASE_URL];
    const killed = launch(here.path, args);
    killed.stderr.once('data', () => killed.kill('SIGKILL'));
    await once(killed, 'close');
    const half = await here.run(['migrate'], { DATABASE_URL });
    expect(half).toMatchObject({ code: 1, errors: expect.stringMatching(/not all are there/) });

    const moved = await here.run(args);
    expect(moved).toMatchObject({
      code: 0,
      output: expect.stringMatching(
        /: \d+ rows of \d+ tables moved from .*tasks\.db and verified, [\d.]+ s\n$/,
      ),
      errors: expect.stringMatching(/copy: 100 %\n[^]*verify: 100 %\n$/),
    });
    expect(moved.output + moved.errors).not.toContain(DATABASE_URL);
    const after = await answers(await here.start({ DATABASE_URL }));
    expect([...after.keys()]).toEqual([...before.keys()]);
    for (const [path, answer] of before) expect([path, after.get(path)]).toEqual([path, answer]);
  }, 120_000);

  it('tells what it needs', async () => {
    for (const [from, to, told] of [
      [FILE, 'postgres://a@b/c', /tasks\.db is not there/],
      [FILE, FILE, /the same database/],
      ['mysql://a', FILE, /no database that can be used/],
    ] as const) {
      const { code, errors } = await here.run(['migrate-data', '--from', from, '--to', to]);
      expect([code, errors]).toEqual([1, expect.stringMatching(told)]);
    }
  });
});
