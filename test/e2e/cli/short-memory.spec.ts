import { BuiltServer } from '../../support/built-server';
import { eventually } from '../../support/eventually';

const PROMPT = 'write the release notes '.repeat(400);
const BATCH = {
  tasks: Array.from({ length: 100 }, () => ({ work_directory: '/srv/project', prompt: PROMPT })),
};
/** Each leaves some megabytes behind that nobody needs any more: by then the heap was full several times. */
const MOST_BATCHES = 200;
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
    for (let batch = 0; batch < MOST_BATCHES; batch += 1) {
      const response = await server.request('/api/v1/tasks/batch', { json: BATCH });
      if (response.status !== 201) return response;
      await response.arrayBuffer();
    }
    throw new Error('everything was taken');
  };

  it('refuses new tasks before it runs out, goes on with those that are there, and comes back by itself', async () => {
    const max_memory_share = (await shareInUse()) * 1.3;
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
