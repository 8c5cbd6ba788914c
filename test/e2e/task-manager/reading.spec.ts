import { NOW } from '../../support/builders';
import { ManualTimers } from '../../support/manual-timers';
import type { TaskInfo, TaskManagerClient } from '../../support/task-manager-client';
import { TestService, type ServiceChanges } from '../http/service';
import { completeOne, taskManagerOf } from './clients';

const iso = (afterMs = 0): string => new Date(NOW + afterMs).toISOString();

interface Page {
  readonly tasks: readonly TaskInfo[];
  readonly pagination: object;
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
      await completeOne(service, {}, 10_000);
      await completeOne(service, {}, 20_000);
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
      const { id } = await completeOne(service);
      expect(await api.read(id)).not.toHaveProperty('estimated_completion');
    });
  });
});
