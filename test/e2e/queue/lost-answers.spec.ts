import { ApiClient, type ApiAnswer, type ApiTask } from '../../support/api-client';
import { BuiltServer } from '../../support/built-server';
import { CuttingProxy } from '../../support/cutting-proxy';
import { startPostgres, type TestPostgres } from '../../support/postgres';

const TASKS = '/api/v1/tasks';
const RESULT = { status: 'success', output: 'done' };

interface History {
  readonly history: readonly { readonly type: string; readonly attempt: number }[];
}

/** What happens to the service between the loss of an answer and the repeat. */
const MEANTIMES = {
  'at once': () => Promise.resolve(),
  'after the service was killed and started again': async (server: BuiltServer, proxy: CuttingProxy) => {
    expect(await server.kill('SIGKILL')).toEqual({ code: null, signal: 'SIGKILL' });
    await server.restart();
    proxy.redirect(server.url);
  },
};

describe.each(['SQLite', 'PostgreSQL'])('an answer that is lost after its commit, on %s', (database) => {
  let postgres: TestPostgres | undefined;

  beforeAll(async () => {
    if (database === 'PostgreSQL') postgres = await startPostgres();
  }, 120_000);
  afterAll(() => postgres?.stop());

  describe.each(Object.entries(MEANTIMES))('repeated %s', (_, meanwhile) => {
    let server: BuiltServer;
    let proxy: CuttingProxy;
    /** Whoever speaks through the proxy, and who looks past it at what is there. */
    let client: ApiClient;
    let witness: ApiClient;
    /** Each case has a directory and a key of its own. */
    let work_directory: string;
    let key: Readonly<Record<string, string>>;
    let cases = 0;

    beforeAll(async () => {
      const url = await postgres?.createDatabase();
      server = await BuiltServer.start(url === undefined ? {} : { DATABASE_URL: url });
      proxy = await CuttingProxy.start(server.url);
    });
    afterAll(async () => {
      await proxy.close();
      await server.dispose();
    });

    beforeEach(() => {
      cases += 1;
      work_directory = `/srv/case-${cases}`;
      key = { 'Idempotency-Key': `the-one-key-of-case-${cases}` };
      client = new ApiClient(proxy.url, server.key);
      witness = new ApiClient(server.url, server.key);
    });

    const task = (): object => ({ work_directory, prompt: 'Do this once.' });

    /** Sends a request whose answer is lost, and once more. @returns what was lost, and the answer to the repeat */
    async function loseAndRepeat<Data>(
      send: () => Promise<ApiAnswer<Data>>,
    ): Promise<{ readonly lost: Data; readonly again: ApiAnswer<Data> }> {
      proxy.loseNext();
      await expect(send()).rejects.toThrow('fetch failed');
      const [answer] = proxy.lost.slice(-1);
      if (answer === undefined) throw new Error('the service did not answer');
      await meanwhile(server, proxy);
      witness = new ApiClient(server.url, server.key);
      return { lost: (JSON.parse(answer.body) as { data: Data }).data, again: await send() };
    }

    const historyOf = async (taskId: string): Promise<unknown[]> => {
      const { body } = await witness.get<History>(`${TASKS}/${taskId}/history`);
      return body.data.history.map(({ type, attempt }) => [type, attempt]);
    };
    const stored = async (): Promise<number> => {
      const { body } = await witness.get<{ pagination: { total: number } }>(
        `${TASKS}?limit=1&work_directory=${work_directory}`,
      );
      return body.data.pagination.total;
    };
    const isReplay = ({ headers }: ApiAnswer<unknown>): boolean =>
      headers.get('idempotency-replayed') === 'true';

    it('leaves one task behind, where it was that of a creation', async () => {
      const { lost, again } = await loseAndRepeat(() => client.post(TASKS, task(), key));
      expect([again.status, isReplay(again), again.body.data]).toEqual([201, true, lost]);
      expect(await stored()).toBe(1);
      expect(await historyOf(lost.task_id)).toEqual([['task.created', 0]]);
    });

    it('leaves one batch behind, where it was that of a batch', async () => {
      interface Batch {
        readonly tasks: readonly ApiTask[];
      }
      const body = { tasks: [task(), task(), task()] };
      const { lost, again } = await loseAndRepeat(() => client.post<Batch>(`${TASKS}/batch`, body, key));
      expect([again.status, isReplay(again), again.body.data]).toEqual([201, true, lost]);
      expect([lost.tasks.length, await stored()]).toEqual([3, 3]);
    });

    it('hands out the same task with the same lease, where it was that of a claim by GET', async () => {
      await witness.post(`${TASKS}/batch`, { tasks: [task(), task()] });
      const { lost, again } = await loseAndRepeat(() =>
        client.get(`${TASKS}/next?work_path=${work_directory}&worker_id=worker-1`, key),
      );
      expect(lost).toMatchObject({ attempt: 1, lease_token: expect.any(String) });
      expect([again.status, isReplay(again), again.body.data]).toEqual([200, true, lost]);
      expect(await historyOf(lost.task_id)).toEqual([
        ['task.created', 0],
        ['task.claimed', 1],
      ]);
      const { lease_token } = again.body.data;
      expect((await client.post(`${TASKS}/${lost.task_id}/complete`, { lease_token })).status).toBe(200);
    });

    it('hands out the same tasks with the same leases, where it was that of a claim by POST', async () => {
      interface Claimed {
        readonly tasks: readonly ApiTask[];
      }
      await witness.post(`${TASKS}/batch`, { tasks: [task(), task(), task()] });
      const body = { limit: 2, work_path: work_directory, worker_id: 'worker-1' };
      const { lost, again } = await loseAndRepeat(() => client.post<Claimed>(`${TASKS}/claim`, body, key));
      expect([again.status, isReplay(again), again.body.data]).toEqual([200, true, lost]);
      expect(new Set(lost.tasks.map(({ lease_token: token }) => token)).size).toBe(2);
      for (const { task_id: id } of lost.tasks) {
        expect(await historyOf(id)).toEqual([
          ['task.created', 0],
          ['task.claimed', 1],
        ]);
      }
      const rest = await client.post<Claimed>(`${TASKS}/claim`, { limit: 100, work_path: work_directory });
      expect(rest.body.data.tasks).toHaveLength(1);
    });

    it.each([
      ['with its key', true],
      ['with nothing but its token', false],
    ])('leaves a task completed once, repeated %s', async (_how, isKeyed) => {
      const headers = isKeyed ? key : {};
      await witness.createTask({ work_directory });
      const { task_id: id, lease_token } = await witness.claimTask(`work_path=${work_directory}`);
      const body = { lease_token, result: RESULT };
      const send = (): Promise<ApiAnswer<ApiTask>> => client.post(`${TASKS}/${id}/complete`, body, headers);
      const { lost, again } = await loseAndRepeat(send);
      expect([again.status, isReplay(again), again.body.data]).toEqual([200, isKeyed, lost]);
      expect(await witness.readTask(id)).toMatchObject({ status: 'completed', attempt: 1, result: RESULT });
      expect(await historyOf(id)).toEqual([
        ['task.created', 0],
        ['task.claimed', 1],
        ['task.completed', 1],
      ]);
    });
  });
});
