import { McpClient, type Era } from '../../support/mcp-client';
import { TestService } from '../http/service';
import { NEW } from './asking';

const LIMIT = 5;

describe.each<Era>(['modern', 'legacy'])('the rate limit of /mcp (%s)', (era) => {
  let service: TestService;

  beforeEach(async () => {
    service = await TestService.start({
      settings: { rateLimit: { requestsPerMinute: LIMIT, burstSize: 0 } },
    });
  });
  afterEach(() => service.close());

  const client = (key = 'admin'): McpClient => new McpClient(service.baseUrl, key, era);

  it('counts every message, and tells when to come back', async () => {
    const answers = [];
    for (let asked = 0; asked <= LIMIT; asked += 1) answers.push(await client().send('tools/list'));

    expect(answers.map(({ status }) => status)).toEqual([...Array<number>(LIMIT).fill(200), 429]);
    expect(answers.map(({ headers }) => headers.get('x-ratelimit-remaining'))).toEqual([
      '4',
      '3',
      '2',
      '1',
      '0',
      '0',
    ]);
    const last = answers.at(-1);
    expect(last?.body.error).toMatchObject({ code: -32_000, data: { code: 'RATE_LIMIT_EXCEEDED' } });
    expect(Number(last?.headers.get('retry-after'))).toBeGreaterThan(0);
  });

  it('never stops who holds a task, however much else it has asked', async () => {
    await client().ask('task_create', NEW);
    const { task_id, lease_token } = await client().ask('task_claim');
    for (let asked = 0; asked < 4 * LIMIT; asked += 1) await client().send('tools/list');
    expect((await client().send('tools/list')).status).toBe(429);

    for (let beat = 0; beat < 4 * LIMIT; beat += 1) {
      await client().ask('task_heartbeat', { task_id, lease_token, progress: beat });
    }
    expect(await client().ask('task_complete', { task_id, lease_token })).toMatchObject({
      status: 'completed',
    });
  });

  it('stops who writes about tasks that it does not hold', async () => {
    const statuses: number[] = [];
    for (let asked = 0; asked < 3 * LIMIT; asked += 1) {
      const given = { name: 'task_heartbeat', arguments: { task_id: 'x', lease_token: 'y' } };
      statuses.push((await client().send('tools/call', given)).status);
    }

    // First the patience with refusals is used up, then the requests that everybody has.
    expect(statuses).toEqual([...Array<number>(2 * LIMIT).fill(200), ...Array<number>(LIMIT).fill(429)]);
  });

  it('counts each message of a list', async () => {
    const list = Array.from({ length: LIMIT + 1 }, (_, id) => ({ jsonrpc: '2.0', id, method: 'ping' }));
    const headers = {
      Authorization: 'Bearer admin',
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
    };
    const { status } = await fetch(`${service.baseUrl}/mcp`, {
      method: 'POST',
      headers,
      body: JSON.stringify(list),
    });

    expect(status).toBe(429);
  });
});
