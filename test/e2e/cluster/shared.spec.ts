import { ApiClient, type ApiTask } from '../../support/api-client';
import { eventually } from '../../support/eventually';
import { execute } from '../../support/postgres';
import { readExposition } from '../../support/prometheus-text';
import { EventClient } from '../http/event-client';
import { Cluster } from './cluster';

const NEW = { work_directory: '/srv/shared', prompt: 'Do it once.' };
const NEXT = '/api/v1/tasks/next?work_path=/srv/shared&worker_id=w';
/** Longer than anybody should have to wait, and much shorter than claims wait here. */
const SOON_MS = 10_000;

interface CreatedKey {
  readonly id: string;
  readonly key: string;
}

describe('instances that share a PostgreSQL', () => {
  let cluster: Cluster;
  let admins: readonly ApiClient[];
  let [here, there]: ApiClient[] = [];

  beforeAll(async () => {
    cluster = await Cluster.start(3);
    admins = cluster.servers.map(({ url, key }) => new ApiClient(url, key));
    [here, there] = admins;
  }, 90_000);
  afterAll(() => cluster.dispose());

  const at = (client: ApiClient | undefined): ApiClient => {
    if (client === undefined) throw new Error('there are three');
    return client;
  };
  const metric = async (client: ApiClient, name: string): Promise<number | undefined> => {
    const { text } = await client.get('/metrics');
    return readExposition(text).get(`task_orchestrator_${name}`)?.samples[0]?.value;
  };
  const soon = <T>(ask: () => Promise<T | null>): Promise<T> => eventually(ask, { timeoutMs: SOON_MS });
  const tasksIn = async (answer: Promise<{ body: { data: ApiTask | null } }>): Promise<ApiTask | null> =>
    (await answer).body.data;

  it('know how many they are, and hear each other', async () => {
    for (const admin of admins) {
      await soon(async () => ((await metric(admin, 'instances')) === 3 ? true : null));
      expect(await metric(admin, 'instances_heard')).toBe(1);
    }
  });

  it('hand work that comes to one of them to a claim that waits at another', async () => {
    const started = performance.now();
    const waiting = tasksIn(at(there).get<ApiTask | null>(`${NEXT}&wait=25`));
    await soon(async () => ((await metric(at(there), 'waiting_claims')) === 1 ? true : null));
    const { task_id } = await at(here).createTask(NEW);
    expect(await waiting).toMatchObject({ task_id });
    expect(performance.now() - started).toBeLessThan(SOON_MS);
  });

  it('hand what comes due to a claim that waits at another', async () => {
    const waiting = tasksIn(at(there).get<ApiTask | null>(`${NEXT}&wait=25`));
    await soon(async () => ((await metric(at(there), 'waiting_claims')) === 1 ? true : null));
    const schedule_for = new Date(Date.now() + 1_500).toISOString();
    const { task_id } = await at(here).createTask({ ...NEW, schedule_for });
    expect(await waiting).toMatchObject({ task_id });
  });

  it('take a request that comes to several of them at once for one, by its key', async () => {
    for (let round = 0; round < 5; round += 1) {
      const headers = { 'Idempotency-Key': `round-${round}` };
      const answers = await Promise.all(admins.map((admin) => admin.post('/api/v1/tasks', NEW, headers)));
      expect(answers.map(({ status }) => status)).toEqual([201, 201, 201]);
      expect(new Set(answers.map(({ body }) => body.data.task_id)).size).toBe(1);
    }
  });

  it('tell whoever follows events at one of them what happens at another', async () => {
    const { url, key } = cluster.server(1);
    const reader = await EventClient.open(`${url}/api/v1/events`, {}, key);
    const { task_id } = await at(here).createTask(NEW);
    await soon(() =>
      Promise.resolve(reader.events.some(({ data }) => data.task_id === task_id) ? true : null),
    );
    reader.close();
  });

  it('use at once what is changed at one of them', async () => {
    const levels = { logging: { level: 'debug' } };
    expect((await at(here).send('PUT', '/api/v1/config', { body: levels })).status).toBe(200);
    for (const admin of admins) {
      await soon(async () => {
        const { body } = await admin.get<{ logging: { level: string } }>('/api/v1/config');
        return body.data.logging.level === 'debug' ? true : null;
      });
    }
  });

  it('let nobody in any more whose key was revoked at one of them', async () => {
    const { body } = await at(here).post<CreatedKey>('/api/v1/keys', { name: 'ci', roles: ['reader'] });
    const { id, key } = body.data;
    const callers = admins.map(({ baseUrl }) => new ApiClient(baseUrl, key));
    for (const caller of callers) expect((await caller.get('/api/v1/tasks')).status).toBe(200);
    await at(here).send('DELETE', `/api/v1/keys/${id}`);
    for (const caller of callers) {
      await soon(async () => ((await caller.get('/api/v1/tasks')).status === 401 ? true : null));
    }
  });

  it('limit a caller together, however it spreads its requests', async () => {
    const limited = { name: 'limited', roles: ['reader'], requests_per_minute: 60 };
    const { body } = await at(here).post<CreatedKey>('/api/v1/keys', limited);
    const callers = admins.map(({ baseUrl }) => new ApiClient(baseUrl, body.data.key));
    const begun = performance.now();
    const answers = await Promise.all(
      Array.from({ length: 150 }, (_, index) =>
        at(callers[index % callers.length]).get('/api/v1/tasks?limit=1'),
      ),
    );
    const refilled = Math.ceil((performance.now() - begun) / 1_000);
    const passed = answers.filter(({ status }) => status === 200).length;
    expect(passed).toBeGreaterThanOrEqual(60);
    expect(passed).toBeLessThanOrEqual((60 + refilled) * 1.05);
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(150 - passed);
  });

  it('miss nothing when the connections over which they hear each other are cut', async () => {
    const path = '/api/v1/tasks/next?work_path=/srv/missed&worker_id=w&wait=25';
    const waiting = tasksIn(at(there).get<ApiTask | null>(path));
    await soon(async () => ((await metric(at(there), 'waiting_claims')) === 1 ? true : null));
    await execute(
      cluster.databaseUrl,
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'task-orchestrator listener'`,
    );
    const { task_id } = await at(here).createTask({ ...NEW, work_directory: '/srv/missed' });
    expect(await waiting).toMatchObject({ task_id });
    for (const admin of admins) {
      await soon(async () => ((await metric(admin, 'instances_heard')) === 1 ? true : null));
    }
  });

  it.each<[string, () => Promise<void>]>([
    ['was stopped', () => cluster.postgres.halt()],
    ['crashed', () => cluster.postgres.crash()],
  ])('are ready again soon after their database %s, without a restart', async (_, stop) => {
    const pids = cluster.servers.map(({ pid }) => pid);
    await stop();
    const answers = await Promise.all(admins.map((admin) => admin.post('/api/v1/tasks', NEW)));
    expect(answers.map(({ status }) => [502, 503].includes(status))).toEqual([true, true, true]);
    await cluster.postgres.resume();
    for (const admin of admins) {
      await eventually(async () => ((await admin.get('/health/ready')).status === 200 ? true : null));
      expect((await admin.post('/api/v1/tasks', NEW)).status).toBe(201);
    }
    expect(cluster.servers.map(({ pid }) => pid)).toEqual(pids);
  });
});
