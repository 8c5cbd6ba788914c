import { BuiltServer } from '../../support/built-server';
import { eventually } from '../../support/eventually';

const PROMPT = 'write the release notes '.repeat(400);
const BATCH = {
  tasks: Array.from({ length: 100 }, () => ({ work_directory: '/srv/project', prompt: PROMPT })),
};
/** Each leaves some megabytes behind that nobody needs any more: by then the heap was full several times. */
const MOST_ROUNDS = 60;
/** What is in hand at the same time cannot be given back, however quick a collection is. */
const AT_ONCE = 8;
const SAMPLES = 5;
const LONGEST_MS = 90_000;

interface Told {
  readonly data: { readonly task_id: string; readonly lease_token: string };
}

describe('the built service with a small heap', () => {
  let server: BuiltServer;

  beforeAll(async () => {
    server = await BuiltServer.start({
      NODE_OPTIONS: '--max-old-space-size=64',
      RATE_LIMIT_REQUESTS_PER_MINUTE: '0',
      RATE_LIMIT_BURST_SIZE: '0',
    });
  });
  afterAll(() => server.dispose());

  const shareInUse = async (): Promise<number> => {
    const text = await (await server.request('/metrics')).text();
    return Number(/^task_orchestrator_memory_used_ratio\{bound="heap"\} (.+)$/m.exec(text)?.[1]);
  };
  /** Files tasks until that is refused. */
  const fillUp = async (): Promise<Response> => {
    const file = (): Promise<Response> => server.request('/api/v1/tasks/batch', { json: BATCH });
    for (let round = 0; round < MOST_ROUNDS; round += 1) {
      const responses = await Promise.all(Array.from({ length: AT_ONCE }, file));
      const refused = responses.find(({ status }) => status !== 201);
      if (refused !== undefined) return refused;
      await Promise.all(responses.map((response) => response.arrayBuffer()));
    }
    throw new Error('everything was taken');
  };

  it('refuses new tasks before it runs out, goes on with those that are there, and comes back by itself', async () => {
    const shares: number[] = [];
    while (shares.length < SAMPLES) shares.push(await shareInUse());
    const max_memory_share = Math.min(...shares) * 1.3;
    const set = JSON.stringify({ queue: { max_memory_share } });
    expect((await server.request('/api/v1/config', { method: 'PUT', body: set })).status).toBe(200);

    const refused = await fillUp();
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await refused.json()).toMatchObject({ error: { code: 'OVERLOADED' } });

    const claimed = await server.request('/api/v1/tasks/next?work_path=/srv/project');
    expect(claimed.status).toBe(200);
    const { task_id, lease_token } = ((await claimed.json()) as Told).data;
    const completed = await server.request(`/api/v1/tasks/${task_id}/complete`, { json: { lease_token } });
    expect(completed.status).toBe(200);

    const back = await eventually(
      async () => {
        const { status } = await server.request('/api/v1/tasks?limit=1');
        return status === 200 ? status : null;
      },
      { timeoutMs: LONGEST_MS, pauseMs: 200 },
    );
    expect(back).toBe(200);
    await eventually(async () => {
      const { status } = (await (await server.request('/health')).json()) as { status: string };
      return status === 'healthy' ? status : null;
    });
  });
});
