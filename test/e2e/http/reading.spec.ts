import type { ApiClient } from '../../support/api-client';
import { NOW } from '../../support/builders';
import { uuid } from '../../support/counted-ids';
import { TestService } from './service';

const iso = (afterMs: number): string => new Date(NOW + afterMs).toISOString();

describe('reading a task', () => {
  let service: TestService;
  let admin: ApiClient;

  beforeEach(async () => {
    service = await TestService.start();
    admin = service.as('admin');
  });
  afterEach(() => service.close());

  it('shows all of it, null where there is nothing, and never the token', async () => {
    await admin.createTask({ tags: ['x'], metadata: { created_by: 'me', team: 'a' } });
    service.clock.advance(1_000);
    const { task_id: id, lease_token: token } = await admin.claimTask();
    const { status, body, text } = await service.as('reader').get(`/api/v1/tasks/${id}`);
    expect(status).toBe(200);
    expect(text).not.toContain(token);
    expect(body.data).toEqual({
      task_id: id,
      task_type: 'agent_prompt',
      work_directory: '/srv/project',
      kb_id: null,
      prompt: 'write the release notes',
      payload: null,
      priority: 'medium',
      tags: ['x'],
      status: 'working',
      worker_id: 'worker-1',
      attempt: 1,
      progress: 0,
      progress_message: null,
      result: null,
      error_message: null,
      retry_count: 0,
      max_retries: 3,
      auto_retry: false,
      last_retry_at: null,
      schedule_for: null,
      timeout_seconds: null,
      lease_expires_at: iso(1_801_000),
      created_at: iso(0),
      updated_at: iso(1_000),
      started_at: iso(1_000),
      completed_at: null,
      cancelled_at: null,
      cancel_reason: null,
      metadata: { created_by: 'admin-key', team: 'a', updated_by: 'worker-1' },
      version: 2,
      ...{ concurrency_key: null, on_dependency_failure: null, depends_on: [] },
      blocked_by: null,
      place_in_line: null,
    });
  });

  it('shows the lease’s end only while it is held', async () => {
    await admin.createTask();
    const { task_id: id } = await admin.claimTask();
    await admin.post(`/api/v1/tasks/${id}/complete`);
    expect(await admin.readTask(id)).toMatchObject({ lease_expires_at: null, worker_id: 'worker-1' });
  });

  it.each([uuid(1), 'x', '../etc', '%00', '😀'])('answers 404 for %s', async (id) => {
    const { status, body } = await admin.get(`/api/v1/tasks/${encodeURIComponent(id)}`);
    expect([status, body.error.code]).toEqual([404, 'NOT_FOUND']);
  });

  it('tells what happened, oldest first', async () => {
    await admin.createTask();
    const { task_id: id } = await admin.claimTask();
    service.clock.advance(2_000);
    await admin.post(`/api/v1/tasks/${id}/fail`, { error_message: 'broken' });
    await admin.post(`/api/v1/tasks/${id}/retry`);
    await admin.post(`/api/v1/tasks/${id}/cancel`, { reason: 'enough' });
    const { body } = await admin.get<{ task_id: string; history: object[] }>(`/api/v1/tasks/${id}/history`);
    expect(body.data.task_id).toBe(id);
    expect(body.data.history).toEqual([
      row(1, 'task.created', null, 'waiting', { worker_id: null, attempt: 0, at: iso(0) }),
      row(2, 'task.claimed', 'waiting', 'working', { at: iso(0) }),
      row(3, 'task.failed', 'working', 'failed', { details: { reason: 'broken' } }),
      row(4, 'task.retried', 'failed', 'waiting', { details: { retry: 1 } }),
      row(5, 'task.cancelled', 'waiting', 'cancelled', { details: { reason: 'enough' } }),
    ]);

    function row(number: number, type: string, from: string | null, to: string, more: object): object {
      const usual = { worker_id: 'worker-1', attempt: 1, at: iso(2_000), details: null };
      return { event_id: number, task_id: id, version: number, type, from, to, ...usual, ...more };
    }
  });

  it('answers 404 for the history of a task that does not exist', async () => {
    expect((await admin.get(`/api/v1/tasks/${uuid(1)}/history`)).status).toBe(404);
  });
});
