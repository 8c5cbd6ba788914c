import type { ApiClient } from '../../support/api-client';
import { TestService } from './service';

const slow = (requestsPerMinute: number, burstSize = 0) => ({
  settings: { rateLimit: { requestsPerMinute, burstSize } },
});

describe('the rate limit', () => {
  let service: TestService;
  let admin: ApiClient;

  const start = async (changes: Parameters<typeof TestService.start>[0]): Promise<void> => {
    service = await TestService.start(changes);
    admin = service.as('admin');
  };
  const statuses = async (count: number, ask: () => Promise<{ status: number }>): Promise<number[]> => {
    const seen: number[] = [];
    for (let index = 0; index < count; index += 1) seen.push((await ask()).status);
    return seen;
  };
  afterEach(() => service.close());

  it('counts down, and answers 429 in the envelope with Retry-After when nothing is left', async () => {
    await start(slow(3));
    for (const remaining of ['2', '1', '0']) {
      expect((await admin.get('/api/v1/tasks')).headers.get('x-ratelimit-remaining')).toBe(remaining);
    }
    const { status, body, headers } = await admin.get('/api/v1/tasks');
    expect([status, body.error.code]).toEqual([429, 'RATE_LIMIT_EXCEEDED']);
    expect(headers.get('retry-after')).toMatch(/^(1\d|20)$/);
    expect(headers.get('x-ratelimit-limit')).toBe('3');
    expect(headers.get('x-ratelimit-remaining')).toBe('0');
    const inMs = Date.parse(headers.get('x-ratelimit-reset') ?? '') - Date.now();
    expect(inMs).toBeGreaterThan(50_000);
    expect(inMs).toBeLessThanOrEqual(61_000);
  });

  it('has a bucket of its own for a burst', async () => {
    await start(slow(1_000, 2));
    const answers = await Promise.all(Array.from({ length: 10 }, () => admin.get('/api/v1/tasks')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    expect(new Set(refused.map(({ headers }) => headers.get('retry-after')))).toEqual(new Set(['1']));
  });

  it('limits an address over all its keys', async () => {
    await start(slow(2));
    expect(await statuses(1, () => service.as('reader').get('/api/v1/tasks'))).toEqual([200]);
    expect(await statuses(1, () => service.as('worker').get('/api/v1/tasks'))).toEqual([200]);
    expect(await statuses(1, () => service.as('producer').get('/api/v1/tasks'))).toEqual([429]);
  });

  it('counts wrong keys, unknown paths and bad bodies', async () => {
    await start(slow(3));
    await service.as(null).get('/api/v1/tasks', { Authorization: 'Bearer wrong' });
    await admin.get('/nowhere');
    await admin.send('POST', '/api/v1/tasks', { raw: '{' });
    expect((await admin.get('/api/v1/tasks')).status).toBe(429);
    expect((await service.as(null).get('/api/v1/tasks')).status).toBe(429);
  });

  it('never limits probes', async () => {
    await start(slow(1));
    expect(await statuses(5, () => admin.get('/health/live'))).toEqual([200, 200, 200, 200, 200]);
    expect(await statuses(2, () => admin.get('/api/v1/tasks'))).toEqual([200, 429]);
    expect((await admin.get('/health')).headers.get('x-ratelimit-remaining')).toBe('0');
  });

  it('never limits a holder that ends its task', async () => {
    await start(slow(4));
    await admin.createTask();
    await admin.createTask();
    const first = await admin.claimTask();
    const second = await admin.claimTask();
    expect((await admin.get('/api/v1/tasks')).status).toBe(429);
    const { lease_token: token } = first;
    expect((await admin.post(`/api/v1/tasks/${first.task_id}/complete`, { lease_token: token })).status).toBe(
      200,
    );
    const failed = await admin.post(`/api/v1/tasks/${second.task_id}/fail`, { error_message: 'x' });
    expect(failed.status).toBe(200);
  });

  it('limits who only pretends to hold tasks', async () => {
    await start(slow(3));
    const pretend = (): Promise<{ status: number }> => admin.post('/api/v1/tasks/none/complete', {});
    expect(await statuses(8, pretend)).toEqual([404, 404, 404, 404, 404, 404, 429, 429]);
  });

  it('is off when it is 0, and then tells nothing', async () => {
    await start(slow(0));
    const { status, headers } = await admin.get('/api/v1/tasks');
    expect(status).toBe(200);
    expect([...headers.keys()].filter((name) => name.startsWith('x-ratelimit'))).toEqual([]);
  });
});
