import type { ApiClient } from '../../support/api-client';
import { uuid } from '../../support/counted-ids';
import { FixedClock } from '../../support/fixed-clock';
import { RoleKeys } from '../../support/role-keys';
import { TestService } from './service';

const slow = (requestsPerMinute: number, burstSize = 0) => ({
  settings: { rateLimit: { requestsPerMinute, burstSize } },
});

/** Keys with one more of any limit, whose secret is `special`. */
async function withKey(requestsPerMinute: number | null): Promise<{ keys: RoleKeys; id: string }> {
  const keys = new RoleKeys(new FixedClock());
  const made = { id: uuid(1), name: 'special', roles: ['reader'] as const, createdBy: null, createdAt: 0 };
  const rest = { expiresAt: null, lastUsedAt: null, revokedAt: null, revokedBy: null };
  const { key } = await keys.create(() => ({ ...made, ...rest, requestsPerMinute }), 'special');
  return { keys, id: key.id };
}

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
  const special = (): Promise<{ status: number }> =>
    service.as(null).get('/api/v1/tasks', { Authorization: 'Bearer special' });
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

  it('counts unknown paths and bad bodies', async () => {
    await start(slow(2));
    await admin.get('/nowhere');
    await admin.send('POST', '/api/v1/tasks', { raw: '{' });
    expect((await admin.get('/api/v1/tasks')).status).toBe(429);
  });

  it('limits wrong keys by their address, and nobody there whose key was good', async () => {
    await start(slow(3));
    const wrong = (): Promise<{ status: number }> =>
      service.as(null).get('/api/v1/tasks', { Authorization: 'Bearer wrong' });
    expect((await admin.get('/api/v1/tasks')).status).toBe(200);
    expect(await statuses(5, wrong)).toEqual([401, 401, 401, 429, 429]);
    expect((await service.as(null).get('/nowhere')).status).toBe(429);
    expect((await admin.get('/api/v1/tasks')).status).toBe(200);
    expect((await service.as('reader').get('/api/v1/tasks')).status).toBe(429);
  });

  it('looks up no key of a stranger who is limited', async () => {
    const keys = new RoleKeys(new FixedClock());
    const find = keys.find.bind(keys);
    let lookups = 0;
    keys.find = (secret) => {
      lookups += 1;
      return find(secret);
    };
    await start({ ...slow(3), keys });
    for (let count = 0; count < 20; count += 1)
      await service.as(null).get('/api/v1/tasks', { Authorization: `Bearer wrong-${count}` });
    expect(lookups).toBe(3);
  });

  it('takes nothing from strangers for a key that turns out to be good', async () => {
    await start(slow(2));
    for (const role of ['reader', 'worker'] as const)
      expect((await service.as(role).get('/api/v1/tasks')).status).toBe(200);
    expect(await statuses(3, () => service.as(null).get('/api/v1/tasks'))).toEqual([401, 401, 429]);
  });

  it('takes a key that is revoked for one that is wrong', async () => {
    const { keys, id } = await withKey(null);
    await start({ ...slow(2), keys });
    expect(await statuses(1, special)).toEqual([200]);
    await keys.revoke(id, 'admin');
    expect(await statuses(4, special)).toEqual([401, 401, 429, 429]);
  });

  it.each([
    ['less than others', 2, [200, 200, 429, 429, 429]],
    ['more than others', 4, [200, 200, 200, 200, 429]],
    ['without end', 0, [200, 200, 200, 200, 200]],
  ])('honours a key that may ask %s', async (_what, requestsPerMinute, expected) => {
    const { keys } = await withKey(requestsPerMinute);
    await start({ ...slow(3), keys });
    expect(await statuses(5, special)).toEqual(expected);
  });

  it('limits single endpoints by caller, in the envelope', async () => {
    const endpoints = new Map([['GET /api/v1/tasks/{}/history', 2]]);
    await start({ settings: { rateLimit: { requestsPerMinute: 100, burstSize: 0, endpoints } } });
    const { task_id: id } = await admin.createTask();
    const read = (): Promise<{ status: number }> => admin.get(`/api/v1/tasks/${id}/history`);
    expect(await statuses(3, read)).toEqual([200, 200, 429]);
    const { body, headers } = await admin.get(`/API/v1/tasks/${id}/history/`);
    expect(body.error).toMatchObject({
      code: 'RATE_LIMIT_EXCEEDED',
      details: { retry_after_seconds: 30, endpoint: 'GET /api/v1/tasks/{}/history' },
    });
    expect([headers.get('retry-after'), headers.get('x-ratelimit-limit')]).toEqual(['30', '2']);
    expect((await admin.get(`/api/v1/tasks/${id}`)).status).toBe(200);
    expect((await service.as('reader').get(`/api/v1/tasks/${id}/history`)).status).toBe(200);
  });

  it('never limits a holder by endpoint either', async () => {
    const endpoints = new Map([['POST /api/v1/tasks/{}/heartbeat', 1]]);
    await start({ settings: { rateLimit: { requestsPerMinute: 100, burstSize: 0, endpoints } } });
    await admin.createTask();
    const { task_id: id, lease_token } = await admin.claimTask();
    const beat = (): Promise<{ status: number }> =>
      admin.post(`/api/v1/tasks/${id}/heartbeat`, { lease_token });
    expect(await statuses(3, beat)).toEqual([200, 200, 200]);
  });

  it('is read anew at every request', async () => {
    const rateLimit = { requestsPerMinute: 1, burstSize: 0 };
    await start({ settings: { rateLimit } });
    expect(await statuses(2, () => admin.get('/api/v1/tasks'))).toEqual([200, 429]);
    rateLimit.requestsPerMinute = 100;
    expect(await statuses(2, () => admin.get('/api/v1/tasks'))).toEqual([200, 200]);
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
