import { BuiltServer } from '../../support/built-server';
import { eventually } from '../../support/eventually';

const TASK = { work_directory: '/srv/project', prompt: 'write the release notes' };
/** Claims that wait hold memory for as long as somebody wants it, which no collection gives back. */
const CLAIM = '/api/v1/tasks/next?work_path=/srv/elsewhere&wait=25';
const AT_ONCE = 200;
const SAMPLES = 5;
const PATIENCE = { timeoutMs: 90_000, pauseMs: 200 };

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
      MAX_CONNECTIONS: '20000',
    });
  });
  afterAll(() => server.dispose());

  const shareInUse = async (): Promise<number> => {
    const text = await (await server.request('/metrics')).text();
    return Number(/^task_orchestrator_memory_used_ratio\{bound="heap"\} (.+)$/m.exec(text)?.[1]);
  };
  /** Lets more and more claims wait until a new task is refused. */
  const fillUp = (signal: AbortSignal): Promise<Response> =>
    eventually(async () => {
      const filed = await server.request('/api/v1/tasks', { json: TASK });
      if (filed.status !== 201) return filed;
      await filed.arrayBuffer();
      for (let claim = 0; claim < AT_ONCE; claim += 1) server.request(CLAIM, { signal }).catch(() => null);
      return null;
    }, PATIENCE);

  it('refuses new tasks before it runs out, goes on with those that are there, and comes back by itself', async () => {
    const shares: number[] = [];
    while (shares.length < SAMPLES) shares.push(await shareInUse());
    const max_memory_share = Math.min(...shares) * 1.3;
    const set = JSON.stringify({ queue: { max_memory_share } });
    expect((await server.request('/api/v1/config', { method: 'PUT', body: set })).status).toBe(200);

    const claims = new AbortController();
    const refused = await fillUp(claims.signal);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await refused.json()).toMatchObject({ error: { code: 'OVERLOADED' } });

    const claimed = await server.request('/api/v1/tasks/next?work_path=/srv/project');
    expect(claimed.status).toBe(200);
    const { task_id, lease_token } = ((await claimed.json()) as Told).data;
    const completed = await server.request(`/api/v1/tasks/${task_id}/complete`, { json: { lease_token } });
    expect(completed.status).toBe(200);

    claims.abort();
    const back = await eventually(async () => {
      const { status } = await server.request('/api/v1/tasks?limit=1');
      return status === 200 ? status : null;
    }, PATIENCE);
    expect(back).toBe(200);
    await eventually(async () => {
      const { status } = (await (await server.request('/health')).json()) as { status: string };
      return status === 'healthy' ? status : null;
    });
  });
});
