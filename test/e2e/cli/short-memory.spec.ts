import { BuiltServer } from '../../support/built-server';
import { eventually } from '../../support/eventually';

const TASK = { work_directory: '/srv/project', prompt: 'write the release notes' };
/** What a request that waits holds no collection gives back, and its headers are a part of that. */
const CLAIM = '/api/v1/tasks/next?work_path=/srv/elsewhere&wait=25';
const FILLER = 'x'.repeat(15_000);
const AT_ONCE = 100;
const PATIENCE = { timeoutMs: 60_000, pauseMs: 200 };

interface Told {
  readonly data: { readonly task_id: string; readonly lease_token: string };
}

describe('the built service with a small heap', () => {
  let server: BuiltServer;

  beforeAll(async () => {
    server = await BuiltServer.start({
      NODE_OPTIONS: '--max-old-space-size=96',
      RATE_LIMIT_REQUESTS_PER_MINUTE: '0',
      RATE_LIMIT_BURST_SIZE: '0',
      MAX_CONNECTIONS: '20000',
    });
  });
  afterAll(() => server.dispose());

  const wait = async (signal: AbortSignal): Promise<void> => {
    const headers = { authorization: `Bearer ${server.key}`, 'x-filler': FILLER };
    await fetch(server.url + CLAIM, { headers, signal }).then(
      (response) => response.arrayBuffer(),
      () => null,
    );
  };
  /** Lets more and more claims wait until a new task is refused. */
  const fillUp = (signal: AbortSignal): Promise<Response> =>
    eventually(async () => {
      const filed = await server.request('/api/v1/tasks', { json: TASK });
      if (filed.status !== 201) return filed;
      await filed.arrayBuffer();
      for (let claim = 0; claim < AT_ONCE; claim += 1) void wait(signal);
      return null;
    }, PATIENCE);

  it('refuses new tasks before it runs out, goes on with those that are there, and comes back by itself', async () => {
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
