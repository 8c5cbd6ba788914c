import { ApiClient } from '../../support/api-client';
import { BuiltServer } from '../../support/built-server';
import { eventually } from '../../support/eventually';

type Json = Readonly<Record<string, unknown>>;
interface Row extends Json {
  readonly type: string;
  readonly details: Json | null;
}

const EVERY_SECOND = {
  name: 'every-second',
  interval_seconds: 1,
  task: { work_directory: '/srv/again', prompt: 'Do it again' },
};
const ROUNDS = 3;

describe('a schedule of a server that is killed with SIGKILL again and again', () => {
  let server: BuiltServer;
  let client: ApiClient;
  let scheduleId: string;

  beforeAll(async () => {
    server = await BuiltServer.start({ RATE_LIMIT_REQUESTS_PER_MINUTE: '0', RATE_LIMIT_BURST_SIZE: '0' });
    connect();
    const { body } = await client.post<Json>('/api/v1/schedules', EVERY_SECOND);
    scheduleId = String(body.data.schedule_id);
    for (let round = 1; round <= ROUNDS; round += 1) {
      await until(round * 3);
      await server.kill('SIGKILL');
      await server.restart();
      connect();
    }
    await until(ROUNDS * 3 + 3);
  }, 180_000);

  afterAll(() => server.dispose());

  function connect(): void {
    client = new ApiClient(server.url, server.key);
  }

  const tasks = async (): Promise<readonly Json[]> =>
    (await client.get<{ tasks: readonly Json[] }>('/api/v1/tasks?limit=1000&sort_order=asc')).body.data.tasks;
  const until = (count: number): Promise<true> =>
    eventually(async () => ((await tasks()).length >= count ? true : null), { timeoutMs: 60_000 });

  it('makes a task of every occurrence, each once and in order, those while nobody served included', async () => {
    const made = await tasks();
    const told = await Promise.all(
      made.map(async ({ task_id: id }) => {
        const path = `/api/v1/tasks/${String(id)}/history`;
        const { body } = await client.get<{ history: readonly [Row, ...Row[]] }>(path);
        return Date.parse(String(body.data.history[0].details?.scheduled_at));
      }),
    );
    const [first = 0] = told;
    expect(told).toEqual(told.map((_, index) => first + index * 1_000));
  });

  it('makes no more once it is paused, and none twice', async () => {
    const path = `/api/v1/schedules/${scheduleId}`;
    const paused = await client.send<Json>('PATCH', path, { body: { enabled: false } });
    expect(paused.body.data).toMatchObject({ enabled: false, next_run_at: null });
    const count = (await tasks()).length;
    await server.kill('SIGKILL');
    await server.restart();
    connect();
    const { body } = await client.get<Json>('/health');
    expect(body).toMatchObject({ components: { schedules: { healthy: true } } });
    expect(await tasks()).toHaveLength(count);
    expect((await client.send('DELETE', path)).status).toBe(200);
  });
});
