import { fieldsIn, type ApiAnswer, type ApiClient, type ApiTask } from '../../support/api-client';
import { TestService } from './service';

interface Key {
  readonly key: string;
  readonly limit: number;
  readonly working: number;
  readonly ready: number;
  readonly held: number;
}
interface Page {
  readonly keys: readonly Key[];
  readonly pagination: { readonly next_cursor: string | null };
}

describe('concurrency keys', () => {
  let service: TestService;
  let admin: ApiClient;

  beforeEach(async () => {
    service = await TestService.start();
    admin = service.as('admin');
  });
  afterEach(() => service.close());

  const pathOf = (key: string): string => `/api/v1/concurrency-keys/${encodeURIComponent(key)}`;
  const read = async (key: string): Promise<Key> => (await admin.get<Key>(pathOf(key))).body.data;
  const limit = (key: string, body: unknown): Promise<ApiAnswer<Key>> =>
    admin.send('PUT', pathOf(key), { body });
  const file = (key: string, more: object = {}): Promise<ApiTask> =>
    admin.createTask({ concurrency_key: key, ...more });
  const page = async (more: string): Promise<Page> =>
    (await admin.get<Page>(`/api/v1/concurrency-keys?limit=2${more}`)).body.data;
  const claimMany = async (): Promise<readonly (ApiTask & { lease_token: string })[]> => {
    const { body } = await admin.post<{ tasks: readonly (ApiTask & { lease_token: string })[] }>(
      '/api/v1/tasks/claim',
      { limit: 10 },
    );
    return body.data.tasks;
  };

  it('let one of their tasks be worked on at once', async () => {
    const first = await file('repo');
    const second = await file('repo');
    await admin.createTask();
    expect(await claimMany()).toHaveLength(2);
    expect(await admin.readTask(second.task_id)).toMatchObject({
      ...{ concurrency_key: 'repo', place_in_line: 0 },
      blocked_by: [{ kind: 'concurrency_key', concurrency_key: 'repo' }],
    });
    expect(await read('repo')).toEqual({ key: 'repo', limit: 1, working: 1, ready: 0, held: 1 });
    await admin.post(`/api/v1/tasks/${first.task_id}/complete`, { result: {} });
    expect(await admin.claimTask()).toMatchObject({ task_id: second.task_id, concurrency_key: 'repo' });
  });

  it('let as many be worked on as their limit says, from its answer on', async () => {
    for (let task = 0; task < 5; task += 1) await file('repo');
    expect(await claimMany()).toHaveLength(1);
    const { status, body } = await limit('repo', { limit: 3 });
    expect([status, body.data]).toEqual([200, { key: 'repo', limit: 3, working: 1, ready: 2, held: 2 }]);
    expect(await claimMany()).toHaveLength(2);
    expect(await claimMany()).toHaveLength(0);
  });

  it('hand nothing out after a lower limit until as many have ended', async () => {
    await limit('repo', { limit: 3 });
    for (let task = 0; task < 4; task += 1) await file('repo');
    const [first, second, third] = await claimMany();
    await limit('repo', { limit: 1 });
    for (const task of [first, second]) {
      await admin.post(`/api/v1/tasks/${task?.task_id}/complete`, { result: {} });
      expect(await claimMany()).toHaveLength(0);
    }
    await admin.post(`/api/v1/tasks/${third?.task_id}/complete`, { result: {} });
    expect(await claimMany()).toHaveLength(1);
  });

  it('keep the slot of a cancelled task until its worker knows it', async () => {
    const { task_id: first } = await file('repo');
    await file('repo');
    const held = await admin.claimTask();
    await admin.post(`/api/v1/tasks/${first}/cancel`, { force: true });
    expect(await claimMany()).toHaveLength(0);
    expect(await read('repo')).toMatchObject({ working: 1, held: 1 });
    const { lease_token } = held;
    expect((await admin.post(`/api/v1/tasks/${first}/heartbeat`, { lease_token })).status).toBe(409);
    expect(await claimMany()).toHaveLength(1);
  });

  it('free that slot when its worker is heard of by its name', async () => {
    const { task_id: first } = await file('repo');
    await file('repo');
    const { worker_id: name } = await admin.claimTask();
    await admin.post(`/api/v1/tasks/${first}/cancel`, { force: true });
    const beat = (worker: string): Promise<unknown> =>
      admin.post(`/task-manager/api/v1/workers/${worker}/heartbeat`, {});
    await beat('somebody-else');
    expect(await claimMany()).toHaveLength(0);
    await beat(String(name));
    expect(await claimMany()).toHaveLength(1);
  });

  it('can have a limit before any task uses them, and any name', async () => {
    const name = 'repo/docs: 日本 %2F?';
    expect((await limit(name, { limit: 2 })).status).toBe(200);
    expect(await read(name)).toEqual({ key: name, limit: 2, working: 0, ready: 0, held: 0 });
    for (let task = 0; task < 3; task += 1) await file(name);
    expect(await claimMany()).toHaveLength(2);
  });

  it('are listed page by page, in the order of their names', async () => {
    for (const name of ['b', 'c', 'a', 'd', 'e']) await file(name);
    const seen: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const { keys, pagination }: Page = await page(cursor === '' ? '' : `&cursor=${cursor}`);
      seen.push(...keys.map(({ key }) => key));
      cursor = pagination.next_cursor;
    }
    expect(seen).toEqual(['a', 'b', 'c', 'd', 'e']);
    expect(fieldsIn(await admin.get('/api/v1/concurrency-keys?cursor=%25'))).toEqual(['cursor']);
  });

  it('that nobody has used are not there', async () => {
    for (const name of ['none', '\u0000', 'x'.repeat(129)]) {
      const { status, body } = await admin.get(pathOf(name));
      expect([status, body.error.code]).toEqual([404, 'NOT_FOUND']);
    }
  });

  it.each<[string, unknown, string]>([
    ['repo', {}, 'limit'],
    ['repo', { limit: 0 }, 'limit'],
    ['repo', { limit: 1_001 }, 'limit'],
    ['repo', { limit: 1.5 }, 'limit'],
    ['repo', { limit: 1, more: 2 }, 'more'],
    ['x'.repeat(129), { limit: 1 }, 'key'],
    ['\u0007', { limit: 1 }, 'key'],
  ])('are refused limits that are none: %j %j', async (name, body, field) => {
    const answer = await limit(name, body);
    expect([answer.status, fieldsIn(answer)]).toEqual([400, [field]]);
  });

  it('are limited by admins only, and that is written down', async () => {
    const send = (role: 'producer' | 'worker'): Promise<ApiAnswer<Key>> =>
      service.as(role).send('PUT', pathOf('repo'), { body: { limit: 2 } });
    expect([(await send('producer')).status, (await send('worker')).status]).toEqual([403, 403]);
    await limit('repo', { limit: 4 });
    const { body } = await admin.get<{ entries: readonly object[] }>(
      '/api/v1/audit?action=concurrency_key.limit',
    );
    expect(body.data.entries).toMatchObject([
      { actor: 'admin-key', outcome: 'done', target: 'repo', details: { limit: 4 } },
    ]);
  });

  it('must be names', async () => {
    const answer = await admin.post('/api/v1/tasks', {
      ...{ work_directory: '/srv', prompt: 'read' },
      concurrency_key: 'x'.repeat(129),
    });
    expect(fieldsIn(answer)).toEqual(['concurrency_key']);
  });
});
