import { StoreUnavailable } from '@task/application';
import { InMemoryTaskStore } from '@task/infrastructure';
import { NOW } from '../../support/builders';
import { FixedClock } from '../../support/fixed-clock';
import type { TaskManagerClient } from '../../support/task-manager-client';
import { ToldMemory } from '../../support/told-memory';
import { TestService, type ServiceChanges } from '../http/service';
import { completeOne, taskManagerOf } from './clients';

const iso = (afterMs = 0): string => new Date(NOW + afterMs).toISOString();

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

  describe('statistics', () => {
    it('count tasks by status and type, with how they went', async () => {
      await completeOne(service, {}, 2_000);
      await completeOne(service, { kb_id: 'kb_2' }, 4_000);
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
      await completeOne(service, {}, 2_000);
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
      for (let count = 0; count < 10; count += 1) await completeOne(service, {}, 0);
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
    await completeOne(service);
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

    it('is 503 while writes fail, though the database answers', async () => {
      const trouble = new StoreUnavailable('no_space');
      service.core.pulses.watch('lane', { behindMs: 0, lastTurnMs: 1, trouble });
      const { status, body } = await api.get<object>('/health');
      expect(status).toBe(503);
      expect(body).toMatchObject({
        status: 'unhealthy',
        details: { database: { status: 'healthy' }, queue: { status: 'unhealthy', size: 0 } },
      });
    });

    it('is 503 when something has stopped that has to go on by itself', async () => {
      service.core.pulses.watch('sweep', { behindMs: 60_000, lastTurnMs: 1 });
      const { status, body } = await api.get<object>('/health');
      expect([status, body]).toMatchObject([503, { status: 'unhealthy' }]);
    });

    it('is degraded while memory is short', async () => {
      await service.close();
      const memory = new ToldMemory();
      memory.fill(0.9);
      await start({ memory });
      const { status, body } = await api.get<object>('/health');
      expect(status).toBe(200);
      expect(body).toMatchObject({
        status: 'degraded',
        details: { database: { status: 'healthy' }, queue: { status: 'degraded', size: 0 } },
      });
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
});
