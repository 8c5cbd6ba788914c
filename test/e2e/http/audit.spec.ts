import { ApiClient, fieldsIn } from '../../support/api-client';
import { TestService } from './service';

interface Entry {
  readonly actor: string | null;
  readonly action: string;
  readonly count: number;
  readonly [field: string]: unknown;
}

interface Page {
  readonly entries: readonly Entry[];
  readonly pagination: { readonly has_more: boolean; readonly next_cursor?: string };
}

describe('the audit log over REST', () => {
  let service: TestService;
  let admin: ApiClient;

  beforeEach(async () => {
    service = await TestService.start();
    admin = service.as('admin');
  });
  afterEach(() => service.close());

  const read = async (query = ''): Promise<Page> =>
    (await admin.get<Page>(`/api/v1/audit${query}`)).body.data;
  const entries = async (query = ''): Promise<readonly Entry[]> => (await read(query)).entries;
  const refusedTimes = async (client: ApiClient, times: number, headers = {}): Promise<void> => {
    for (let time = 0; time < times; time += 1) await client.get('/api/v1/keys', headers);
  };

  it('is empty at first, and reading it is nothing to write down', async () => {
    await admin.createTask();
    expect(await read()).toEqual({ entries: [], pagination: { limit: 100, has_more: false } });
  });

  it('tells who cancelled what, with force and without, and without the reason', async () => {
    const { task_id: first } = await admin.createTask();
    const { task_id: second } = await admin.createTask();
    const cancel = (id: string, body: object): Promise<unknown> =>
      service.as('producer').post(`/api/v1/tasks/${id}/cancel`, body, { 'X-Request-ID': 'r-1' });
    await cancel(first, { reason: 'a secret plan' });
    await admin.claimTask();
    await cancel(second, {});
    await cancel(second, { force: true });
    const by = { actor: 'producer-key', address: '127.0.0.1', request_id: 'r-1' };
    expect(await entries()).toMatchObject([
      { ...by, action: 'task.force_cancel', outcome: 'done', target: second },
      { ...by, action: 'task.cancel', outcome: 'refused', target: second },
      { ...by, action: 'task.cancel', outcome: 'done', target: first },
    ]);
    expect(JSON.stringify(await entries())).not.toContain('secret plan');
  });

  it('tells of changes of many as of one thing', async () => {
    for (let task = 0; task < 3; task += 1) await admin.createTask();
    await admin.post('/api/v1/tasks/bulk-cancel', { all: true, dry_run: true });
    await admin.post('/api/v1/tasks/bulk-cancel', { all: true });
    await admin.post('/api/v1/tasks/bulk-retry', { all: true });
    expect(await entries()).toMatchObject([
      { action: 'task.bulk_retry', details: { matched: 0, changed: 0 } },
      { action: 'task.bulk_cancel', target: null, details: { matched: 3, changed: 3, skipped: 0 } },
    ]);
  });

  it('counts who was not let in: one entry for refusals alike, however many', async () => {
    await refusedTimes(service.as(null), 3);
    await refusedTimes(new ApiClient(service.baseUrl, 'wrong'), 20);
    await refusedTimes(service.as('worker'), 2);
    await service.as('admin').post('/api/v1/tasks', {}, { Origin: 'https://evil.example' });
    expect(await entries()).toMatchObject([
      { actor: 'admin-key', count: 1, details: { reason: 'cross_site' }, target: 'POST /api/v1/tasks' },
      { actor: 'worker-key', count: 2, details: { reason: 'forbidden' }, target: 'GET /api/v1/keys' },
      { actor: null, count: 23, details: { reason: 'unauthorized' }, address: '127.0.0.1' },
    ]);
    expect(JSON.stringify(await entries())).not.toContain('wrong');
  });

  it('writes nothing down about mistakes of those who may come in', async () => {
    await admin.post('/api/v1/tasks', {});
    await admin.get('/nowhere');
    await admin.send('PUT', '/api/v1/tasks');
    expect(await entries()).toEqual([]);
  });

  it('has not lost what it counted when the service stops', async () => {
    await refusedTimes(service.as(null), 3);
    const { audit } = service.core;
    await service.app.close();
    expect((await audit.list({}, 10, null)).entries).toMatchObject([{ count: 3 }]);
  });

  it('finds by actor, action and time, page by page', async () => {
    for (const name of ['a', 'b', 'c']) {
      await admin.post('/api/v1/keys', { name, roles: ['reader'] });
      service.clock.advance(1_000);
    }
    await refusedTimes(service.as('reader'), 1);
    expect((await entries('?actor=reader-key')).map(({ action }) => action)).toEqual(['access.refused']);
    const names = (found: readonly Entry[]): unknown[] =>
      found.map(({ details }) => (details as { name: string }).name);
    expect(names(await entries('?action=key.create'))).toEqual(['c', 'b', 'a']);
    const second = new Date(service.clock.now() - 2_000).toISOString();
    expect(names(await entries(`?action=key.create&after=${second}`))).toEqual(['c', 'b']);
    expect(names(await entries(`?action=key.create&before=${second}`))).toEqual(['a']);
    const { entries: first, pagination } = await read('?action=key.create&limit=2');
    const rest = await read(`?action=key.create&limit=2&cursor=${pagination.next_cursor ?? ''}`);
    expect([names(first), pagination.has_more, names(rest.entries), rest.pagination.has_more]).toEqual([
      ['c', 'b'],
      true,
      ['a'],
      false,
    ]);
  });

  it.each([
    ['?action=task.create', ['action']],
    ['?after=yesterday&limit=0', ['after', 'limit']],
    ['?who=me', ['who']],
    ['?cursor=none', ['cursor']],
  ])('refuses %s', async (query, fields) => {
    const answer = await admin.get(`/api/v1/audit${query}`);
    expect([answer.status, fieldsIn(answer)]).toEqual([400, fields]);
  });

  it('has no method that would change it', async () => {
    for (const method of ['POST', 'PUT', 'PATCH', 'DELETE']) {
      expect((await admin.send(method, '/api/v1/audit')).status).toBe(405);
    }
  });
});
