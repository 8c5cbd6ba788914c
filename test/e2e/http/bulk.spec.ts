import { fieldsIn, type ApiAnswer, type ApiClient } from '../../support/api-client';
import { TestService } from './service';

interface Changed {
  readonly matched: number;
  readonly changed: number;
}

describe('all tasks that match', () => {
  let service: TestService;
  let admin: ApiClient;

  beforeEach(async () => {
    service = await TestService.start();
    admin = service.as('admin');
  });
  afterEach(() => service.close());

  const cancel = (body: object): Promise<ApiAnswer<Changed>> => admin.post('/api/v1/tasks/bulk-cancel', body);
  const retry = (body: object): Promise<ApiAnswer<Changed>> => admin.post('/api/v1/tasks/bulk-retry', body);
  const statusesOf = async (ids: readonly string[]): Promise<unknown[]> =>
    Promise.all(ids.map(async (id) => (await admin.readTask(id)).status));
  const created = async (...all: readonly object[]): Promise<string[]> => {
    const ids: string[] = [];
    for (const changes of all) ids.push((await admin.createTask({ ...changes })).task_id);
    return ids;
  };
  const failed = async (changes: object = {}): Promise<string> => {
    await admin.createTask({ ...changes });
    const { task_id: id } = await admin.claimTask();
    await admin.post(`/api/v1/tasks/${id}/fail`, { error_message: 'broken' });
    return id;
  };

  it('are cancelled by every filter that a list has', async () => {
    const ids = await created(
      { priority: 'high', tags: ['a', 'b'], kb_id: 'kb-1' },
      { task_type: 'other' },
      { tags: ['b'] },
      { work_directory: '/srv/elsewhere' },
    );
    const [first = '', second = '', third = '', fourth = ''] = ids;
    const filters: [string, object][] = [
      [first, { tags: ['a', 'b'], priority: 'high', kb_id: 'kb-1', status: 'waiting' }],
      [second, { task_type: 'other', created_after: '2020-01-01' }],
      [third, { tags: ['b', 'c'], tags_mode: 'any', created_before: '2030-01-01' }],
      [fourth, { work_directory: 'elsewhere' }],
    ];
    for (const [id, filter] of filters) {
      const { status, body } = await cancel({ ...filter, reason: 'enough' });
      expect([status, body.data]).toEqual([
        200,
        { matched: 1, matched_capped: false, changed: 1, skipped: 0, has_more: false, dry_run: false },
      ]);
      expect(await admin.readTask(id)).toMatchObject({ status: 'cancelled', cancel_reason: 'enough' });
    }
  });

  it('are only counted in a dry run', async () => {
    const ids = await created({}, {});
    const { body } = await cancel({ task_type: 'agent_prompt', dry_run: true });
    expect(body.data).toMatchObject({ matched: 2, changed: 0, dry_run: true });
    expect(await statusesOf(ids)).toEqual(['waiting', 'waiting']);
  });

  it('are all cancelled only when it is said', async () => {
    const ids = await created({}, {});
    for (const body of [{}, { all: false }, { tags_mode: 'any' }, { reason: 'x', force: true }]) {
      const answer = await cancel(body);
      expect([answer.status, fieldsIn(answer)]).toEqual([400, ['all']]);
    }
    expect(await statusesOf(ids)).toEqual(['waiting', 'waiting']);
    expect((await cancel({ all: true })).body.data.changed).toBe(2);
  });

  it('are left in work, and failed, unless they are forced', async () => {
    const broken = await failed();
    await admin.createTask();
    const { task_id: working } = await admin.claimTask();
    expect((await cancel({ all: true })).body.data.matched).toBe(0);
    expect((await cancel({ all: true, force: true })).body.data).toMatchObject({ matched: 2, changed: 2 });
    expect(await statusesOf([broken, working])).toEqual(['cancelled', 'cancelled']);
  });

  it('are put back when they have failed and may be tried again', async () => {
    const broken = await failed();
    await failed({ max_retries: 0 });
    const [waiting = ''] = await created({});
    const { body } = await retry({ all: true });
    expect(body.data).toMatchObject({ matched: 2, changed: 1, skipped: 1 });
    expect(await admin.readTask(broken)).toMatchObject({ status: 'waiting', retry_count: 1 });
    expect(await statusesOf([waiting])).toEqual(['waiting']);
  });

  it.each([
    ['status', { status: 'done' }],
    ['tags', { tags: 'a,b' }],
    ['tags', { tags: [] }],
    ['created_after', { created_after: 'yesterday' }],
    ['dry_run', { dry_run: 'true' }],
    ['limit', { limit: 10 }],
  ])('are not touched by a body with a wrong %s', async (field, body) => {
    const ids = await created({});
    for (const change of [cancel, retry]) {
      const answer = await change({ all: true, ...body });
      expect([answer.status, fieldsIn(answer)]).toEqual([400, [field]]);
    }
    expect(await statusesOf(ids)).toEqual(['waiting']);
  });

  it('takes no reason for putting back', async () => {
    expect(fieldsIn(await retry({ all: true, reason: 'x' }))).toEqual(['reason']);
  });
});
