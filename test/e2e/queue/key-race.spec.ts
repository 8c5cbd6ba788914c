import { BuiltServer } from '../../support/built-server';
import { observeOverHttp } from '../../support/checking/observe-over-http';
import type { Observed } from '../../support/checking/observed';
import { eventually } from '../../support/eventually';
import { RecordedClient } from '../../support/recorded-client';
import { Recorder } from '../../support/recorder';
import { SeededRandom, seedOfRun } from '../../support/seeded-random';

const TASKS = 300;
const WORKERS = 20;
const LIMIT = 5;
const CRASHES = 10;
const SEED = seedOfRun();

interface Held {
  readonly task_id: string;
  readonly lease_token: string;
}
type Deed = 'complete' | 'fail' | 'release' | 'cancel' | 'crash';
const DEEDS: readonly [Deed, ...Deed[]] = [
  'complete',
  ...Array<Deed>(7).fill('complete'),
  ...(['fail', 'release', 'cancel', 'crash'] as const),
];

describe(`a concurrency key of ${LIMIT} that ${WORKERS} workers race for (TEST_SEED=${SEED})`, () => {
  const random = new SeededRandom(SEED);
  const done = new Map<Deed, number>();
  let server: BuiltServer;
  let observed: Observed;
  let key: Readonly<Record<string, unknown>>;

  beforeAll(async () => {
    server = await BuiltServer.start({ RATE_LIMIT_REQUESTS_PER_MINUTE: '0', RATE_LIMIT_BURST_SIZE: '0' });
    await ask('concurrency-keys/repo', { limit: LIMIT }, 'PUT');
    const task = {
      work_directory: '/srv/repo',
      prompt: 'Change it.',
      concurrency_key: 'repo',
      max_retries: 9,
    };
    await ask('tasks/batch', {
      tasks: Array.from({ length: TASKS }, () => ({ ...task, auto_retry: false })),
    });
    await Promise.all(Array.from({ length: WORKERS }, (_, index) => work(`w${index}`)));
    key = await eventually(
      async () => {
        const now = await ask<Readonly<Record<string, unknown>>>('concurrency-keys/repo');
        return now.working === 0 ? now : null;
      },
      { timeoutMs: 30_000 },
    );
    const client = new RecordedClient({ url: server.url, key: server.key }, new Recorder());
    observed = await observeOverHttp([client]);
    client.close();
  }, 240_000);

  afterAll(() => server.dispose());

  async function ask<Data>(path: string, json?: object, method?: string): Promise<Data> {
    const init = { ...(json !== undefined && { json }), ...(method !== undefined && { method }) };
    const response = await server.request(`/api/v1/${path}`, init);
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`);
    return ((await response.json()) as { data: Data }).data;
  }

  /** Works until nothing has come for longer than what a crashed one held takes to be free again. */
  async function work(worker_id: string): Promise<void> {
    for (;;) {
      const claim = { worker_id, limit: 2, lease_seconds: 10, wait: 20 };
      const { tasks } = await ask<{ tasks: readonly Held[] }>('tasks/claim', claim);
      if (tasks.length === 0) return;
      for (const task of tasks) await act(task, random.pick(DEEDS));
    }
  }

  async function act({ task_id: id, lease_token }: Held, wanted: Deed): Promise<void> {
    const crashed = done.get('crash') ?? 0;
    const deed = wanted === 'crash' && crashed >= CRASHES ? 'complete' : wanted;
    done.set(deed, (done.get(deed) ?? 0) + 1);
    if (deed === 'complete') await ask(`tasks/${id}/complete`, { lease_token, result: {} });
    if (deed === 'fail') await ask(`tasks/${id}/fail`, { lease_token, error_message: 'no' });
    if (deed === 'release') await ask(`tasks/${id}/release`, { lease_token });
    if (deed !== 'cancel') return;
    await ask(`tasks/${id}/cancel`, { force: true });
    // Only now does its worker know that it keeps the slot for nothing.
    const { status } = await server.request(`/api/v1/tasks/${id}/heartbeat`, { json: { lease_token } });
    expect(status).toBe(409);
  }

  it('has never had more of its tasks worked on, whatever became of them', () => {
    let working = 0;
    let most = 0;
    for (const { from, to } of observed.transitions.toSorted((a, b) => a.eventId - b.eventId)) {
      working += Number(to === 'working') - Number(from === 'working');
      most = Math.max(most, working);
    }
    expect([most, working]).toEqual([LIMIT, 0]);
  });

  it('was tried in every way: all that can happen to a task has happened', () => {
    expect([...done.keys()].sort()).toEqual(['cancel', 'complete', 'crash', 'fail', 'release']);
    expect(observed.transitions.filter(({ command }) => command === 'expire')).toHaveLength(
      done.get('crash') ?? 0,
    );
  });

  it('has left no task behind, and counts nothing any more', () => {
    expect(observed.tasks).toHaveLength(TASKS);
    expect(observed.tasks.filter(({ status }) => status === 'waiting' || status === 'working')).toEqual([]);
    expect(key).toEqual({ key: 'repo', limit: LIMIT, working: 0, ready: 0, held: 0 });
  });
});
