import Sqlite from 'better-sqlite3';
import { BuiltServer } from '../../support/built-server';
import { eventually } from '../../support/eventually';

const WIDE = 10_000;
const OF_A_BATCH = 1_000;
const OF_A_CLAIM = 100;
const QUICK = 1_000;

interface Claimed {
  readonly task_id: string;
  readonly lease_token: string;
}

describe('a task that ten thousand others wait for, on a server that is killed while it tells them', () => {
  let server: BuiltServer;
  let dependents: readonly string[];
  /** How many of them knew of the end when the server was killed. */
  let told: number;
  /** Other claims that were answered while the others were told after the restart. */
  let answeredMeanwhile = 0;
  const handedOut: string[] = [];

  beforeAll(async () => {
    server = await BuiltServer.start({ RATE_LIMIT_REQUESTS_PER_MINUTE: '0', RATE_LIMIT_BURST_SIZE: '0' });
    const [source = ''] = await file(1, '/srv/source');
    dependents = await fileAll(WIDE, '/srv/wide', [source]);
    await fileAll(QUICK, '/srv/quick');
    const [held] = await claim('/srv/source', 1);
    await complete(held);
    await eventually(async () => (await isReady(dependents[0])) || null, { pauseMs: 1 });
    await server.kill('SIGKILL');
    told = toldIn(server.line.database);
    await server.restart();
    while (!(await isReady(dependents.at(-1)))) {
      answeredMeanwhile += (await claim('/srv/quick', 1)).length;
    }
    for (let claimed = await claim('/srv/wide'); claimed.length > 0; claimed = await claim('/srv/wide')) {
      handedOut.push(...claimed.map(({ task_id: id }) => id));
    }
  }, 240_000);

  afterAll(() => server.dispose());

  async function ask<Data>(path: string, json?: object): Promise<Data> {
    const response = await server.request(`/api/v1/tasks${path}`, json === undefined ? {} : { json });
    if (!response.ok) throw new Error(`${path} answered ${response.status}`);
    return ((await response.json()) as { data: Data }).data;
  }

  async function file(count: number, directory: string, on: readonly string[] = []): Promise<string[]> {
    const task = { work_directory: directory, prompt: 'Do a part of it.', depends_on: on };
    const batch = { tasks: Array.from({ length: count }, () => task) };
    return (await ask<{ tasks: readonly Claimed[] }>('/batch', batch)).tasks.map(({ task_id: id }) => id);
  }

  async function fileAll(count: number, directory: string, on: readonly string[] = []): Promise<string[]> {
    const ids: string[] = [];
    while (ids.length < count) ids.push(...(await file(Math.min(OF_A_BATCH, count), directory, on)));
    return ids;
  }

  async function claim(work_path: string, limit = OF_A_CLAIM): Promise<readonly Claimed[]> {
    return (await ask<{ tasks: readonly Claimed[] }>('/claim', { work_path, limit })).tasks;
  }

  async function complete(held: Claimed | undefined): Promise<void> {
    await ask(`/${held?.task_id}/complete`, { lease_token: held?.lease_token, result: { done: true } });
  }

  async function isReady(id: string | undefined): Promise<boolean> {
    return (await ask<{ blocked_by: readonly object[] }>(`/${id}`)).blocked_by.length === 0;
  }

  function toldIn(database: string): number {
    const db = new Sqlite(database.replace(/^sqlite:\/\//, ''), { readonly: true });
    const sql = 'SELECT count(*) AS told FROM task_dependencies WHERE settled = 1';
    const { told: count } = db.prepare<[], { told: number }>(sql).get() ?? { told: -1 };
    db.close();
    return count;
  }

  it('tells them in steps: the first ones could run before the last ones knew', () => {
    expect(told).toBeGreaterThan(0);
    expect(told).toBeLessThan(WIDE);
  });

  it('goes on after the restart where it was, and answers claims in between', () => {
    expect(answeredMeanwhile).toBeGreaterThan(3);
  });

  it('forgets none of them, and hands each out once', () => {
    expect(handedOut).toHaveLength(WIDE);
    expect(new Set(handedOut)).toEqual(new Set(dependents));
  });

  it('shows all of them, page by page', async () => {
    const [path] = [`/${(await both(dependents[0] ?? '')).depends_on[0]?.task_id}/dependencies?limit=1000`];
    const seen: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page: BothWays = await ask(`${path}${cursor === '' ? '' : `&cursor=${cursor}`}`);
      seen.push(...page.dependents.map(({ task_id: id }) => id));
      cursor = page.pagination.next_cursor;
    }
    expect(seen).toEqual(dependents);
  });

  interface BothWays {
    readonly depends_on: readonly Claimed[];
    readonly dependents: readonly Claimed[];
    readonly pagination: { readonly next_cursor: string | null };
  }
  const both = (id: string): Promise<BothWays> => ask(`/${id}/dependencies`);
});
