import type { TaskPage, TaskPageRequest } from '@task/application';
import { InMemoryTaskStore } from '@task/infrastructure';
import { fieldsIn, type ApiClient, type ApiTask } from '../../support/api-client';
import { NOW } from '../../support/builders';
import { FixedClock } from '../../support/fixed-clock';
import { TestService } from './service';

interface Page {
  readonly tasks: readonly ApiTask[];
  readonly pagination: {
    readonly total: number;
    readonly has_more: boolean;
    readonly next_cursor: string | null;
  };
}

const MINUTE_MS = 60_000;
const at = (minutes: number): string => new Date(NOW + minutes * MINUTE_MS).toISOString();

describe('GET /api/v1/tasks', () => {
  let service: TestService;
  let admin: ApiClient;
  const ids: string[] = [];

  beforeAll(async () => {
    service = await TestService.start();
    admin = service.as('admin');
    const tasks = [
      { priority: 'low', tags: ['a', 'b'], work_directory: '/srv/one', kb_id: 'kb-1' },
      { priority: 'high', tags: ['b'], work_directory: '/srv/two', task_type: 'render' },
      { priority: 'medium', tags: ['c'], work_directory: '/opt/One', payload: { x: 1 } },
    ];
    for (const task of tasks) {
      ids.push((await admin.createTask(task)).task_id);
      service.clock.advance(MINUTE_MS);
    }
    await admin.claimTask('work_path=/srv/two');
  });
  afterAll(() => service.close());

  const list = async (query: string): Promise<Page> => {
    const { status, body, text } = await service.as('reader').get<Page>(`/api/v1/tasks?${query}`);
    if (status !== 200) throw new Error(text);
    return body.data;
  };
  const numbers = async (query: string): Promise<number[]> =>
    (await list(query)).tasks.map(({ task_id: id }) => ids.indexOf(id));

  it('lists the newest first, with the pagination of the document', async () => {
    const { tasks, pagination } = await list('');
    expect(tasks.map(({ task_id: id }) => id)).toEqual([...ids].reverse());
    expect(pagination).toEqual({ total: 3, limit: 100, offset: 0, has_more: false, next_cursor: null });
  });

  it('shows rows without what is null, and without payload and result', async () => {
    const [row] = (await list('work_directory=One')).tasks;
    expect(row).toEqual({
      task_id: ids[2],
      task_type: 'agent_prompt',
      work_directory: '/opt/One',
      prompt: 'write the release notes',
      priority: 'medium',
      tags: ['c'],
      status: 'waiting',
      attempt: 0,
      progress: 0,
      retry_count: 0,
      max_retries: 3,
      auto_retry: false,
      created_at: at(2),
      updated_at: at(2),
      metadata: { created_by: 'admin-key', updated_by: 'admin-key' },
      version: 1,
    });
  });

  it.each([
    ['status=working', [1]],
    ['status=waiting', [2, 0]],
    ['priority=high', [1]],
    ['work_directory=one', [0]],
    ['work_directory=/srv', [1, 0]],
    ['tags=b', [1, 0]],
    ['tags=a,b', [0]],
    ['tags=a,%20c&tags_mode=any', [2, 0]],
    ['tags=a,c&tags_mode=all', []],
    ['task_type=render', [1]],
    ['kb_id=kb-1', [0]],
    [`created_after=${at(1)}`, [2, 1]],
    [`created_before=${at(1)}`, [0]],
    [`created_after=${at(0)}&created_before=${at(2)}`, [1, 0]],
    ['created_after=2025-08-18T18:01:00%2B08:00', [2, 1]],
    ['sort_by=priority', [1, 2, 0]],
    ['sort_by=priority&sort_order=asc', [0, 2, 1]],
    ['sort_by=created_at&sort_order=asc', [0, 1, 2]],
    ['sort_by=status&sort_order=asc', [0, 2, 1]],
    ['status=waiting&priority=low&tags=a', [0]],
  ])('answers %s', async (query, expected) => {
    expect(await numbers(query)).toEqual(expected);
  });

  it('goes on by offset', async () => {
    expect(await numbers('limit=1&offset=1')).toEqual([1]);
    expect((await list('limit=1&offset=1')).pagination).toMatchObject({
      total: 3,
      limit: 1,
      offset: 1,
      has_more: true,
    });
    expect((await list('limit=1&offset=2')).pagination).toMatchObject({ has_more: false, next_cursor: null });
  });

  it('goes on by cursor, to the end and no further', async () => {
    const seen: number[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const { tasks, pagination } = await list(
        `limit=2&sort_by=priority${cursor === '' ? '' : `&cursor=${cursor}`}`,
      );
      seen.push(...tasks.map(({ task_id: id }) => ids.indexOf(id)));
      cursor = pagination.next_cursor;
    }
    expect(seen).toEqual([1, 2, 0]);
  });

  it('refuses a cursor of another list', async () => {
    const { pagination } = await list('limit=1');
    const answer = await admin.get(
      `/api/v1/tasks?limit=1&status=waiting&cursor=${pagination.next_cursor ?? ''}`,
    );
    expect([answer.status, fieldsIn(answer)]).toEqual([400, ['cursor']]);
  });

  it.each([
    ['status=done', ['status']],
    ['priority=5', ['priority']],
    ['limit=0', ['limit']],
    ['limit=1001', ['limit']],
    ['limit=10.0', ['limit']],
    ['limit=', ['limit']],
    ['limit=1&limit=2', ['limit']],
    ['offset=-1', ['offset']],
    ['tags_mode=some', ['tags_mode']],
    [`tags=${Array.from({ length: 33 }, (_, index) => index).join(',')}`, ['tags']],
    ['tags=a,,b', ['tags[1]']],
    ['created_after=yesterday', ['created_after']],
    ['created_before=2025-13-01', ['created_before']],
    ['sort_by=prompt', ['sort_by']],
    ['sort_order=up', ['sort_order']],
    ['cursor=***', ['cursor']],
    ['colour=red&limit=x', ['colour', 'limit']],
    ['limit[gt]=1', ['limit[gt]']],
  ])('refuses %.40s', async (query, fields) => {
    const answer = await admin.get(`/api/v1/tasks?${query}`);
    expect([answer.status, fieldsIn(answer)]).toEqual([400, fields]);
  });

  it('takes a page of 1 000', async () => {
    expect((await list('limit=1000')).tasks).toHaveLength(3);
  });

  it('says when counting stopped', async () => {
    const capped = await TestService.start({ tasks: new CappedStore(new FixedClock()) });
    const { body } = await capped.as('admin').get<Page>('/api/v1/tasks?tags=x');
    expect(body.data.pagination).toMatchObject({ total: 10_000, total_capped: true });
    await capped.close();
  });
});

class CappedStore extends InMemoryTaskStore {
  override async list(request: TaskPageRequest): Promise<TaskPage> {
    return { ...(await super.list(request)), total: 10_000, totalCapped: true };
  }
}
