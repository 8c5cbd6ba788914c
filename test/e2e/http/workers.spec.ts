import { fieldsIn, type ApiClient, type ApiTask } from '../../support/api-client';
import { NOW } from '../../support/builders';
import { McpClient } from '../../support/mcp-client';
import { taskManagerOf } from '../task-manager/clients';
import { TestService } from './service';

const iso = (afterMs: number): string => new Date(NOW + afterMs).toISOString();

interface Workers {
  readonly workers: readonly { readonly worker_id: string; readonly status: string }[];
  readonly pagination: object;
}

describe('workers', () => {
  let service: TestService;
  let admin: ApiClient;

  beforeEach(async () => {
    service = await TestService.start();
    admin = service.as('admin');
  });
  afterEach(() => service.close());

  const claimAs = async (name: string): Promise<ApiTask> => {
    await admin.createTask();
    return admin.claimTask(`work_path=/srv/project&worker_id=${encodeURIComponent(name)}`);
  };
  const read = async (name: string): Promise<ApiTask> =>
    (await service.as('reader').get(`/api/v1/workers/${encodeURIComponent(name)}`)).body.data;

  it('are shown with what they hold', async () => {
    const { task_id: id } = await claimAs('worker-1');
    service.clock.advance(30_000);
    await admin.post(`/api/v1/tasks/${id}/progress`, { progress: 40 });
    expect(await read('worker-1')).toEqual({
      worker_id: 'worker-1',
      status: 'busy',
      first_seen: iso(0),
      last_seen: iso(30_000),
      claimed: 1,
      completed: 0,
      failed: 0,
      lost: 0,
      avg_processing_seconds: null,
      holds: [{ task_id: id, attempt: 1, since: iso(0), lease_expires_at: iso(1_830_000), progress: 40 }],
    });
  });

  it('are idle when they hold nothing, with what they have done', async () => {
    const one = await claimAs('worker-1');
    service.clock.advance(1_500);
    await admin.post(`/api/v1/tasks/${one.task_id}/complete`);
    const two = await claimAs('worker-1');
    await admin.post(`/api/v1/tasks/${two.task_id}/fail`, { error_message: 'broken' });
    expect(await read('worker-1')).toMatchObject({
      status: 'idle',
      claimed: 2,
      completed: 1,
      failed: 1,
      avg_processing_seconds: 1.5,
      holds: [],
    });
  });

  it('are idle while they ask in vain, at whatever door', async () => {
    const manager = taskManagerOf(service);
    await admin.get('/api/v1/tasks/next?work_path=/srv/project&worker_id=a');
    await admin.post('/api/v1/tasks/claim', { limit: 1, worker_id: 'b' });
    await new McpClient(service.baseUrl, 'admin').call('task_claim', { worker_id: 'c' });
    await manager.send('POST', '/api/v1/workers/d/claim', {});
    for (const name of ['a', 'b', 'c', 'd']) {
      expect(await read(name)).toMatchObject({ status: 'idle', claimed: 0, holds: [], last_seen: iso(0) });
    }
    expect((await manager.send('GET', '/api/v1/stats/system')).body).toMatchObject({
      ...{ active_workers: 4, idle_workers: 4 },
    });
  });

  it('are gone when they were not seen for as long as the operator says', async () => {
    await claimAs('worker-1');
    service.clock.advance(60_000);
    expect(await read('worker-1')).toMatchObject({ status: 'busy' });
    service.clock.advance(1);
    expect(await read('worker-1')).toMatchObject({ status: 'gone' });
  });

  it('are listed page by page, last seen first', async () => {
    for (const name of ['a', 'b', 'c']) {
      await claimAs(name);
      service.clock.advance(30_000);
    }
    const first = await admin.get<Workers>('/api/v1/workers?limit=2');
    expect(first.body.data.workers.map(({ worker_id: name, status }) => [name, status])).toEqual([
      ['c', 'busy'],
      ['b', 'busy'],
    ]);
    expect(first.body.data.pagination).toEqual({ total: 3, limit: 2, offset: 0, has_more: true });
    const second = await admin.get<Workers>('/api/v1/workers?limit=2&offset=2');
    expect(second.body.data.workers).toMatchObject([{ worker_id: 'a', status: 'gone' }]);
    expect(second.body.data.pagination).toEqual({ total: 3, limit: 2, offset: 2, has_more: false });
  });

  it('are none in the beginning', async () => {
    const { body } = await admin.get<Workers>('/api/v1/workers');
    expect(body.data).toEqual({
      workers: [],
      pagination: { total: 0, limit: 100, offset: 0, has_more: false },
    });
  });

  it('may have any name that can be shown', async () => {
    await claimAs('Büro 7/α?');
    expect(await read('Büro 7/α?')).toMatchObject({ worker_id: 'Büro 7/α?' });
  });

  it.each(['nobody', 'x'.repeat(101), '%00', 'constructor'])('answers 404 for %.20j', async (name) => {
    await claimAs('worker-1');
    const { status, body } = await admin.get(`/api/v1/workers/${name}`);
    expect([status, body.error.code]).toEqual([404, 'NOT_FOUND']);
  });

  it.each([
    ['limit', 'limit=0'],
    ['limit', 'limit=1001'],
    ['offset', 'offset=-1'],
    ['name', 'name=x'],
  ])('are not listed with a wrong %s', async (field, query) => {
    expect(fieldsIn(await admin.get(`/api/v1/workers?${query}`))).toEqual([field]);
  });
});
