import type { ApiAnswer } from '../../support/api-client';
import { ApiClient, fieldsIn } from '../../support/api-client';
import { uuid } from '../../support/counted-ids';
import { eventually } from '../../support/eventually';
import { TestService } from './service';

const DAY_MS = 86_400_000;

interface Key {
  readonly id: string;
  readonly name: string;
  readonly key: string;
  readonly [field: string]: unknown;
}

describe('keys over REST', () => {
  let service: TestService;
  let admin: ApiClient;

  beforeEach(async () => {
    service = await TestService.start();
    admin = service.as('admin');
  });
  afterEach(() => service.close());

  const make = (changes: object = {}, headers = {}): Promise<ApiAnswer<Key>> =>
    admin.post<Key>('/api/v1/keys', { name: 'ci', roles: ['producer'], ...changes }, headers);
  const made = async (changes: object = {}): Promise<Key> => (await make(changes)).body.data;
  const listed = async (query = ''): Promise<readonly Record<string, unknown>[]> =>
    (await admin.get<{ keys: readonly Record<string, unknown>[] }>(`/api/v1/keys${query}`)).body.data.keys;
  const statusWith = async (key: string): Promise<number> =>
    (await new ApiClient(service.baseUrl, key).get('/api/v1/tasks')).status;

  it('answers exactly what was made, and shows the key', async () => {
    const { status, body } = await make({ expires_in_days: 30 });
    expect(status).toBe(201);
    const now = service.clock.now();
    expect(body.data).toEqual({
      ...{ id: expect.stringMatching(/^[0-9a-f-]{36}$/), name: 'ci', roles: ['producer'] },
      key: expect.stringMatching(/^to_[0-9A-Za-z]{49}$/),
      expires_at: new Date(now + 30 * DAY_MS).toISOString(),
      created_at: new Date(now).toISOString(),
    });
    expect((await made({ name: 'for ever' })).expires_at).toBeNull();
    expect(await made({ name: 'busy', requests_per_minute: 5 })).toMatchObject({ requests_per_minute: 5 });
  });

  it('lets the key do what its roles say, in its own name', async () => {
    const producer = new ApiClient(service.baseUrl, (await made()).key);
    const { task_id: id } = await producer.createTask();
    expect(await producer.readTask(id)).toMatchObject({ metadata: { created_by: 'ci', updated_by: 'ci' } });
    await service.as('admin').send('POST', `/api/v1/tasks/${id}/cancel`, { body: {} });
    expect(await producer.readTask(id)).toMatchObject({
      metadata: { created_by: 'ci', updated_by: 'admin-key' },
    });
    const { status, body } = await producer.get('/api/v1/tasks/next?work_path=/srv');
    expect([status, body.error.details]).toEqual([403, { required_role: 'worker' }]);
  });

  it('closes the door at once when the key is revoked', async () => {
    const { id, key } = await made();
    expect(await statusWith(key)).toBe(200);
    const { status, body } = await admin.send<Key>('DELETE', `/api/v1/keys/${id}`);
    expect([status, body.data.status, body.data.revoked_by]).toEqual([200, 'revoked', 'admin-key']);
    expect(await statusWith(key)).toBe(401);
    expect((await admin.send('DELETE', `/api/v1/keys/${id}`)).status).toBe(200);
    expect((await make()).status).toBe(201);
  });

  it('closes the door at the moment at which the key expires', async () => {
    const { key } = await made({ expires_in_days: 1 });
    service.clock.advance(DAY_MS - 1);
    expect(await statusWith(key)).toBe(200);
    service.clock.advance(1);
    expect(await statusWith(key)).toBe(401);
    expect(await listed()).toMatchObject([{ status: 'expired' }]);
  });

  it('lists keys without their secrets, with who made them and when they were used', async () => {
    const { key, id } = await made();
    await statusWith(key);
    const used = await eventually(async () => {
      const [first] = await listed();
      return first?.last_used_at === null ? null : (first ?? null);
    });
    expect(used).toMatchObject({ id, status: 'active', created_by: 'admin-key', revoked_at: null });
    expect(JSON.stringify(used)).not.toContain(key);
    await admin.send('DELETE', `/api/v1/keys/${id}`);
    expect([await listed(), await listed('?include_revoked=true')]).toMatchObject([[], [{ id }]]);
  });

  it('tells which page of the list it is', async () => {
    for (const name of ['a', 'b', 'c']) await made({ name });
    const { body } = await admin.get('/api/v1/keys?limit=2&offset=1');
    expect(body.data).toMatchObject({
      keys: [{ name: 'b' }, { name: 'c' }],
      pagination: { total: 3, limit: 2, offset: 1, has_more: false },
    });
  });

  it.each<[object, readonly string[]]>([
    [{ name: undefined, roles: undefined }, ['name', 'roles']],
    [{ name: 'admin' }, ['name']],
    [
      { name: 'a\nb', roles: [], expires_in_days: 0, requests_per_minute: 0.5 },
      ['name', 'roles', 'expires_in_days', 'requests_per_minute'],
    ],
    [{ roles: ['reader', 'root'] }, ['roles[1]']],
    [{ secret: 'mine' }, ['secret']],
  ])('refuses %j, and names what is wrong', async (changes, fields) => {
    const answer = await make(changes);
    expect([answer.status, fieldsIn(answer)]).toEqual([400, fields]);
    expect(await listed()).toEqual([]);
  });

  it('refuses a name that another key has', async () => {
    await made();
    const { status, body } = await make();
    expect([status, body.error.code, body.error.details]).toEqual([
      409,
      'CONFLICT',
      { code: 'NAME_TAKEN', name: 'ci' },
    ]);
  });

  it('does not show the key again to a repeated request', async () => {
    const headers = { 'Idempotency-Key': 'k-1' };
    const { body, text } = await make({}, headers);
    const again = await make({}, headers);
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true']);
    expect(again.body.data).toEqual({ ...body.data, key: null });
    expect([text.includes(body.data.key), again.text.includes('to_')]).toEqual([true, false]);
    expect((await make({ name: 'other' }, headers)).status).toBe(422);
    expect(await listed()).toHaveLength(1);
  });

  it.each([uuid(9), 'nothing', '%00'])('knows no key %s', async (id) => {
    const { status, body } = await admin.send('DELETE', `/api/v1/keys/${id}`);
    expect([status, body.error.code]).toEqual([404, 'NOT_FOUND']);
  });

  it('tells in Chinese too what is wrong', async () => {
    const { body } = await make({ name: 'operator' }, { 'Accept-Language': 'zh' });
    expect(body.error.details).toMatchObject([
      { field: 'name', reason: expect.stringContaining('保留名称') },
    ]);
  });

  it('writes down who made and revoked which key, and never its secret', async () => {
    const { id, key } = await made();
    await make();
    await admin.send('DELETE', `/api/v1/keys/${id}`, { headers: { 'X-Request-ID': 'r-7' } });
    const { body, text } = await admin.get<{ entries: unknown }>('/api/v1/audit');
    const by = { actor: 'admin-key', address: '127.0.0.1', count: 1 };
    expect(body.data.entries).toMatchObject([
      {
        ...by,
        action: 'key.revoke',
        outcome: 'done',
        target: id,
        request_id: 'r-7',
        details: { name: 'ci' },
      },
      { ...by, action: 'key.create', outcome: 'refused', details: { name: 'ci', code: 'key.name_taken' } },
      { ...by, action: 'key.create', outcome: 'done', target: id, details: { roles: ['producer'] } },
    ]);
    expect(text).not.toContain(key);
  });
});
