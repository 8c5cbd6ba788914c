import { InMemoryLevels } from '@task/infrastructure';
import { FixedClock } from '../../support/fixed-clock';
import { McpClient, type Era } from '../../support/mcp-client';
import { TestService, type ServiceChanges } from '../http/service';
import { NEW } from './asking';

const LIMIT = 5;

describe.each<[Era, string, () => Pick<ServiceChanges, 'sharedLevels'>]>([
  ['modern', 'alone', () => ({})],
  ['legacy', 'alone', () => ({})],
  ['modern', 'with others', () => ({ sharedLevels: new InMemoryLevels(new FixedClock()) })],
  ['legacy', 'with others', () => ({ sharedLevels: new InMemoryLevels(new FixedClock()) })],
])('the rate limit of /mcp (%s, of an instance that limits %s)', (era, _, levels) => {
  let service: TestService;

  beforeEach(async () => {
    service = await TestService.start({
      settings: { rateLimit: { requestsPerMinute: LIMIT, burstSize: 0 } },
      ...levels(),
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
    const headers = {
      Authorization: 'Bearer admin',
      'Content-Type': 'application/json',
      Accept: 'application/json, text/event-stream',
    };
    const list = async (length: number): Promise<Response> => {
      const pings = Array.from({ length }, (_, id) => ({ jsonrpc: '2.0', id, method: 'ping' }));
      return fetch(`${service.baseUrl}/mcp`, { method: 'POST', headers, body: JSON.stringify(pings) });
    };

    const first = await list(LIMIT - 1);
    expect([first.status, first.headers.get('x-ratelimit-remaining')]).toEqual([200, '1']);
    expect((await list(2)).status).toBe(429);
  });
});
