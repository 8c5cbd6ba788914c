import { Retention } from '@task/domain';
import { InMemoryArchive, InMemoryTaskStore } from '@task/infrastructure';
import type { ApiClient, ApiTask } from '../../support/api-client';
import { FixedClock } from '../../support/fixed-clock';
import { TestService } from './service';

const TASKS = '/api/v1/tasks';

describe('archived tasks', () => {
  let service: TestService;
  let admin: ApiClient;
  let failed: ApiTask;

  beforeEach(async () => {
    const tasks = new InMemoryTaskStore(new FixedClock());
    service = await TestService.start({ tasks });
    admin = service.as('admin');
    const { body } = await admin.post(TASKS, {
      work_directory: '/srv/a',
      prompt: 'Tidy up.',
      task_type: 'build',
    });
    const claim = await admin.get(`${TASKS}/next?work_path=/srv/a`);
    await admin.post(`${TASKS}/${body.data.task_id}/fail`, {
      ...{ error_message: 'no disk', retryable: false, lease_token: claim.body.data.lease_token },
    });
    failed = (await admin.get(`${TASKS}/${body.data.task_id}`)).body.data;
    await new InMemoryArchive(tasks).step(new Retention(0), 0, 1000);
  });
  afterEach(() => service.close());

  it('are read by their id in every dialect, with their history, and listed by none', async () => {
    const path = `${TASKS}/${failed.task_id}`;
    expect((await admin.get(path)).body.data).toEqual(failed);
    expect((await admin.get(`${path}/history`)).body.data).toMatchObject({ history: [{}, {}, {}] });
    expect((await admin.get(`/task-manager/api/v1/tasks/${failed.task_id}`)).status).toBe(200);
    const { body } = await admin.get<{ tasks: unknown[]; pagination: { total: number } }>(TASKS);
    expect([body.data.tasks, body.data.pagination.total]).toEqual([[], 0]);
    const statistics = await admin.get<{ overview: object }>('/api/v1/statistics');
    expect(statistics.body.data.overview).toMatchObject({ failed_tasks: 1 });
  });

  it('cannot be retried or given up any more, and say so', async () => {
    for (const [command, json] of [
      ['retry', {}],
      ['cancel', { force: true }],
    ] as const) {
      const { status, body } = await admin.post(`${TASKS}/${failed.task_id}/${command}`, json);
      expect([status, body.error.details]).toEqual([409, { code: 'ARCHIVED', status: 'failed' }]);
      expect(body.error.message).toBe('The task was archived and does not change any more');
    }
    const zh = await admin.post(`${TASKS}/${failed.task_id}/retry`, {}, { 'Accept-Language': 'zh' });
    expect(zh.body.error.message).toBe('任务已归档，不能再更改');
    const other = await admin.post(`/task-manager/api/v1/tasks/${failed.task_id}/retry`, {});
    expect([other.status, other.text]).toEqual([409, expect.stringContaining('TASK_NOT_RETRYABLE')]);
  });
});
