import type { Role } from '@task/domain';
import { InMemoryTaskStore } from '@task/infrastructure';
import { FixedClock } from '../../support/fixed-clock';
import { NOW } from '../../support/builders';
import { ManualTimers } from '../../support/manual-timers';
import type { TaskInfo, TaskManagerClient } from '../../support/task-manager-client';
import { TestService, type ServiceChanges } from '../http/service';
import { taskManagerOf } from './clients';

const iso = (afterMs = 0): string => new Date(NOW + afterMs).toISOString();

interface Page {
  readonly tasks: readonly TaskInfo[];
  readonly pagination: object;
}

class AwayStore extends InMemoryTaskStore {
  override ping(): Promise<void> {
    return Promise.reject(new Error('away'));
  }
}

describe('reading from the task manager', () => {
  let service: TestService;
  let api: TaskManagerClient;

  const start = async (changes: ServiceChanges = {}): Promise<void> => {
    service = await TestService.start(changes);
    api = taskManagerOf(service);
  };
  beforeEach(() => start());
  afterEach(() => service.close());

  const done = async (changes: object = {}, ms = 1_000): Promise<TaskInfo> => {
    const task = await api.create({ priority: 'critical', ...changes });
    await api.claim();
    service.clock.advance(ms);
    return api.must('POST', `/api/v1/tasks/${task.id}/complete`, { result: { ok: true } });
  };

  describe('a list', () => {
    it('has pages of twenty, newest first, and counts them', async () => {
      for (let count = 0; count < 45; count += 1) {
        await api.create({ payload: { count } });
        service.clock.advance(1);
      }
      const { tasks, pagination } = await api.must<Page>('GET', '/api/v1/tasks?kb_id=kb_1');
      expect(pagination).toEqual({ page: 1, page_size: 20, total: 45, total_pages: 3 });
      expect(tasks.map(({ payload }) => payload)).toEqual(
        Array.from({ length: 20 }, (_, index) => ({ count: 44 - index })),
      );
      for (const field of ['queue_position', 'estimated_completion', 'result']) {
        expect(tasks[0]).not.toHaveProperty(field);
      }
      const last = await api.must<Page>('GET', '/api/v1/tasks?page=3');
      expect(last.tasks).toHaveLength(5);
      expect((await api.must<Page>('GET', '/api/v1/tasks?page=4')).tasks).toEqual([]);
      const own = await api.must<Page>('GET', '/api/v1/tasks?page=2&page_size=40&sort_order=asc');
      expect(own.tasks.map(({ payload }) => payload)).toEqual(
        [40, 41, 42, 43, 44].map((count) => ({ count })),
      );
      expect(own.pagination).toEqual({ page: 2, page_size: 40, total: 45, total_pages: 2 });
    });

    it('has no page when there is nothing', async () => {
      expect(await api.must<Page>('GET', '/api/v1/tasks')).toEqual({
        tasks: [],
        pagination: { page: 1, page_size: 20, total: 0, total_pages: 0 },
      });
    });

    it('is filtered by each of its fields', async () => {
      const high = await api.create({ priority: 'high', kb_id: 'kb_2' });
      const other = await api.create({ task_type: 'vector_storage' });
      const critical = await api.create({ priority: 'critical' });
      await api.claim();
      const ids = async (query: string): Promise<string[]> =>
        (await api.must<Page>('GET', `/api/v1/tasks?sort_order=asc&${query}`)).tasks.map(({ id }) => id);
      expect(await ids('priority=high')).toEqual([high.id]);
      expect(await ids('priority=critical')).toEqual([critical.id]);
      expect(await ids('status=processing')).toEqual([critical.id]);
      expect(await ids('status=queued')).toEqual([high.id, other.id]);
      expect(await ids('task_type=vector_storage')).toEqual([other.id]);
      expect(await ids('kb_id=kb_2&status=queued&priority=high')).toEqual([high.id]);
      expect(await ids('kb_id=kb_2&status=completed')).toEqual([]);
    });

    it.each([
      ['page', 'page=0'],
      ['page_size', 'page_size=101'],
      ['status', 'status=waiting'],
      ['priority', 'priority=medium'],
      ['sort_by', 'sort_by=name'],
      ['offset', 'offset=1'],
    ])('is refused with a wrong %s', async (field, query) => {
      const { status, failure } = await api.get(`/api/v1/tasks?${query}`);
      expect([status, failure.details.fields?.map((wrong) => wrong.field)]).toEqual([400, [field]]);
    });
  });

  describe('the estimated completion', () => {
    it('is left out until a task of the type was completed, and while nobody works', async () => {
      expect(await api.create()).not.toHaveProperty('estimated_completion');
    });

    it('comes from the mean time of the type, the position and the workers alive', async () => {
      const timers = new ManualTimers();
      await service.close();
      await start({ timers });
      await done({}, 10_000);
      await done({}, 20_000);
      await timers.advance(1_000);
      await api.must('POST', '/api/v1/workers/worker_002/heartbeat');
      service.clock.advance(2_000);
      const created = [await api.create(), await api.create(), await api.create()];
      // 32 s have passed; the mean is 15 s, and two workers take two tasks at a time.
      expect(created.map(({ estimated_completion: at, queue_position: place }) => [place, at])).toEqual([
        [1, iso(47_000)],
        [2, iso(47_000)],
        [3, iso(62_000)],
      ]);
      const { id } = await api.claim();
      service.clock.advance(5_000);
      expect(await api.read(id)).toMatchObject({ estimated_completion: iso(47_000), queue_position: 0 });
    });

    it('is of no task that has ended', async () => {
      const { id } = await done();
      expect(await api.read(id)).not.toHaveProperty('estimated_completion');
    });
  });

  describe('statistics', () => {
    it('count tasks by status and type, with how they went', async () => {
      await done({}, 2_000);
      await done({ kb_id: 'kb_2' }, 4_000);
      const failed = await api.create({ priority: 'critical', task_type: 'vector_storage' });
      await api.claim();
      await api.post(`/api/v1/tasks/${failed.id}/fail`, { error_message: 'x', retryable: false });
      await api.create();
      expect(await api.must<object>('GET', '/api/v1/stats/tasks')).toEqual({
        total_tasks: 4,
        queued_tasks: 1,
        processing_tasks: 0,
        completed_tasks: 2,
        failed_tasks: 1,
        avg_process_time: 3,
        success_rate: 50,
        status_breakdown: { queued: 1, processing: 0, completed: 2, failed: 1, cancelled: 0 },
        type_breakdown: { document_processing: 3, vector_storage: 1 },
      });
      expect(await api.must<object>('GET', '/api/v1/stats/tasks?kb_id=kb_2')).toMatchObject({
        ...{ total_tasks: 1, completed_tasks: 1, avg_process_time: 4, success_rate: 100 },
        type_breakdown: { document_processing: 1 },
      });
    });

    it('are of nothing in the beginning', async () => {
      expect(await api.must<object>('GET', '/api/v1/stats/tasks?kb_id=none')).toMatchObject({
        ...{ total_tasks: 0, avg_process_time: 0, success_rate: 0, type_breakdown: {} },
      });
    });

    it('tell who works, on what, and how it went', async () => {
      await done({}, 2_000);
      const lost = await api.create({ priority: 'critical' });
      await api.claim();
      await api.post(`/api/v1/tasks/${lost.id}/fail`, { error_message: 'x', retryable: false });
      const held = await api.create();
      await api.claim();
      await api.create();
      await api.must('POST', '/api/v1/workers/worker_002/heartbeat');
      expect(await api.must<object>('GET', '/api/v1/stats/system')).toEqual({
        total_workers: 2,
        active_workers: 2,
        idle_workers: 1,
        busy_workers: 1,
        queue_size: 1,
        processing_rate: expect.any(Number),
        workers: [
          {
            id: 'worker_001',
            status: 'busy',
            current_task_id: held.id,
            tasks_processed: 2,
            tasks_succeeded: 1,
            tasks_failed: 1,
            last_heartbeat: iso(2_000),
            started_at: iso(),
            average_task_time: 2,
          },
          expect.objectContaining({ id: 'worker_002', status: 'idle', current_task_id: null }),
        ],
        task_stats: expect.objectContaining({ total_tasks: 4, success_rate: 25 }),
      });
      service.clock.advance(60_001);
      expect(await api.must<object>('GET', '/api/v1/stats/system')).toMatchObject({
        ...{ total_workers: 2, active_workers: 0, idle_workers: 0, busy_workers: 0 },
        workers: [{ status: 'offline' }, { status: 'offline' }],
      });
    });

    it('tell how many tasks are completed a minute', async () => {
      for (let count = 0; count < 10; count += 1) await done({}, 0);
      service.clock.advance(60_000);
      expect(await api.must<object>('GET', '/api/v1/stats/system')).toMatchObject({ processing_rate: 2.5 });
      service.clock.advance(240_000);
      expect(await api.must<object>('GET', '/api/v1/stats/system')).toMatchObject({ processing_rate: 0 });
    });

    it('count an empty claim as a sign of life', async () => {
      await api.post('/api/v1/workers/poller/claim', {});
      expect(await api.must<object>('GET', '/api/v1/stats/system')).toMatchObject({ idle_workers: 1 });
    });
  });

  it.each([
    ['', 3, 'task_queue'],
    ['?priority=high', 2, 'task_queue:high'],
    ['?task_type=vector_storage&priority=high', 1, 'task_queue:high'],
    ['?task_type=vector_storage', 1, 'task_queue'],
    ['?priority=critical', 0, 'task_queue:critical'],
  ])('tells how long the queue %s is', async (query, size, key) => {
    await api.create({ priority: 'high' });
    await api.create({ priority: 'high', task_type: 'vector_storage' });
    await api.create();
    await done();
    expect(await api.must<object>('GET', `/api/v1/queues/info${query}`)).toEqual({
      queue_size: size,
      queue_key: key,
    });
  });

  describe('health', () => {
    it('is told to anybody, in the shape of its document', async () => {
      await api.create();
      const { status, body } = await taskManagerOf(service, null).get<object>('/health');
      expect([status, body]).toEqual([
        200,
        {
          status: 'healthy',
          service: 'task-manager',
          version: '9.8.7',
          details: { database: { status: 'healthy' }, queue: { status: 'healthy', size: 1 } },
        },
      ]);
    });

    it('is 503 while the database is away', async () => {
      await service.close();
      await start({ tasks: new AwayStore(new FixedClock()) });
      const { status, body } = await api.get<object>('/health');
      expect(status).toBe(503);
      expect(body).toMatchObject({
        status: 'unhealthy',
        details: { database: { status: 'unhealthy' }, queue: { size: null } },
      });
    });
  });

  it('tells Prometheus the same as the service does elsewhere', async () => {
    await api.create();
    const metrics = (path: string): Promise<Response> =>
      fetch(service.baseUrl + path, { headers: { Authorization: 'Bearer reader' } });
    const answer = await metrics('/task-manager/metrics');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([
      200,
      expect.stringContaining('text/plain'),
    ]);
    const families = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('# TYPE'));
    expect(families(await answer.text())).toEqual(families(await (await metrics('/metrics')).text()));
    expect((await fetch(`${service.baseUrl}/task-manager/metrics`)).status).toBe(401);
  });

  describe('what is refused', () => {
    it.each<[Role | null, string, string, number, string]>([
      [null, 'GET', '/api/v1/tasks', 401, 'UNAUTHORIZED'],
      ['reader', 'POST', '/api/v1/tasks', 403, 'FORBIDDEN'],
      ['worker', 'DELETE', '/api/v1/tasks/x', 403, 'FORBIDDEN'],
      ['producer', 'POST', '/api/v1/workers/w/claim', 403, 'FORBIDDEN'],
      ['producer', 'PUT', '/api/v1/tasks/x/progress', 403, 'FORBIDDEN'],
      ['reader', 'GET', '/api/v1/nothing', 404, 'NOT_FOUND'],
      ['reader', 'PATCH', '/api/v1/tasks/x', 405, 'METHOD_NOT_ALLOWED'],
      ['reader', 'GET', '/API/V1/TASKS/x', 404, 'TASK_NOT_FOUND'],
    ])('is worded in its own way: %s %s %s', async (role, method, path, status, code) => {
      const answer = await taskManagerOf(service, role).send(method, path, method === 'GET' ? undefined : {});
      expect([answer.status, Object.keys(answer.failure)]).toEqual([
        status,
        ['error', 'message', 'code', 'details'],
      ]);
      expect(answer.failure.code).toBe(code);
    });

    it('is told in Chinese where that is asked for', async () => {
      const headers = { 'Accept-Language': 'zh' };
      const { failure } = await api.send('POST', '/api/v1/tasks', { task_type: 'x' }, headers);
      expect(failure).toMatchObject({ error: '请求参数无效', message: '请求参数验证失败' });
      expect(failure.details.fields?.[0]).toMatchObject({ field: 'kb_id', reason: '不能为空' });
    });

    it('is another’s page that sends a change', async () => {
      const headers = { Origin: 'https://evil.example' };
      expect((await api.send('POST', '/api/v1/tasks', {}, headers)).failure.code).toBe('FORBIDDEN');
    });
  });
});
