import type { StatisticsView } from '../../../src/http/orchestrator/statistics/statistics.views';
import { fieldsIn, violationsIn, type ApiAnswer, type ApiClient } from '../../support/api-client';
import { NOW } from '../../support/builders';
import { TestService } from './service';

const MINUTE = 60_000;
const iso = (at: number): string => new Date(at).toISOString();

describe('statistics', () => {
  let service: TestService;
  let admin: ApiClient;

  beforeEach(async () => {
    service = await TestService.start();
    admin = service.as('admin');
  });
  afterEach(() => service.close());

  const ask = (query = ''): Promise<ApiAnswer<StatisticsView>> =>
    service.as('reader').get<StatisticsView>(`/api/v1/statistics${query}`);
  const told = async (query = ''): Promise<StatisticsView> => (await ask(query)).body.data;

  /** A task that was completed after so many seconds. */
  const completed = async (
    seconds: number,
    changes: Readonly<Record<string, unknown>> = {},
  ): Promise<void> => {
    await admin.createTask(changes);
    const { task_id: id } = await admin.claimTask();
    service.clock.advance(seconds * 1000);
    await admin.post(`/api/v1/tasks/${id}/complete`);
  };

  it('tell of an empty queue that nothing is known', async () => {
    const { overview, performance_metrics: metrics, ...rest } = await told();
    expect(overview).toEqual({
      ...{ total_tasks: 0, completed_tasks: 0, failed_tasks: 0, cancelled_tasks: 0, active_tasks: 0 },
      ...{ success_rate: null, error_rate: null },
    });
    expect(metrics).toEqual({
      ...{ avg_processing_time: null, p50_processing_time: null },
      ...{ p95_processing_time: null, p99_processing_time: null, tasks_per_hour: 0 },
    });
    expect(rest).toMatchObject({
      status_distribution: { waiting: 0, working: 0, completed: 0, failed: 0, cancelled: 0 },
      priority_distribution: { low: 0, medium: 0, high: 0 },
      task_types: [],
    });
    expect(rest.time_series).toHaveLength(25);
  });

  it('tell what became of the tasks', async () => {
    await completed(10, { priority: 'high' });
    await completed(20, { task_type: 'build' });
    await completed(30);
    await admin.createTask();
    const { task_id: broken } = await admin.claimTask();
    await admin.post(`/api/v1/tasks/${broken}/fail`, { error_message: 'broken' });
    await admin.createTask({ priority: 'low' });
    const { overview, status_distribution: statuses, priority_distribution: priorities } = await told();
    expect(overview).toEqual({
      ...{ total_tasks: 5, completed_tasks: 3, failed_tasks: 1, cancelled_tasks: 0, active_tasks: 1 },
      ...{ success_rate: 0.75, error_rate: 0.25 },
    });
    expect(statuses).toEqual({ waiting: 1, working: 0, completed: 3, failed: 1, cancelled: 0 });
    expect(priorities).toEqual({ low: 1, medium: 3, high: 1 });
  });

  it('tell how long tasks took, all of them and those of each type', async () => {
    await completed(10);
    await completed(20);
    await completed(300, { task_type: 'build' });
    const { performance_metrics: metrics, task_types: types } = await told('?period=1h');
    expect(metrics).toEqual({
      ...{ avg_processing_time: 110, p50_processing_time: 20 },
      ...{ p95_processing_time: 300, p99_processing_time: 300, tasks_per_hour: 3 },
    });
    expect(types).toMatchObject([
      { task_type: 'agent_prompt', total_tasks: 2, avg_processing_time: 15, p95_processing_time: 20 },
      { task_type: 'build', total_tasks: 1, avg_processing_time: 300, p99_processing_time: 300 },
    ]);
  });

  it('look no further back than the period', async () => {
    await completed(10);
    service.clock.advance(90 * MINUTE);
    await completed(30);
    const hour = await told('?period=1h');
    expect(hour.performance_metrics).toMatchObject({ avg_processing_time: 30, tasks_per_hour: 1 });
    expect(hour.overview.completed_tasks).toBe(2);
    expect((await told('?period=24h')).performance_metrics).toMatchObject({ avg_processing_time: 20 });
  });

  it('tell minute by minute what happened, without a gap', async () => {
    await completed(60);
    service.clock.advance(2 * MINUTE);
    await admin.createTask();
    const { time_series: points } = await told('?period=1h&granularity=minute');
    expect(points).toHaveLength(60);
    const times = points.map(({ timestamp }) => Date.parse(timestamp));
    expect(times.every((time, index) => index === 0 || time - (times[index - 1] ?? 0) === MINUTE)).toBe(true);
    const nothing = {
      tasks_created: 0,
      tasks_completed: 0,
      completed: 0,
      failed: 0,
      avg_response_time: null,
    };
    expect(points.slice(-4)).toEqual([
      { ...nothing, timestamp: iso(NOW), tasks_created: 1 },
      { ...nothing, timestamp: iso(NOW + MINUTE), tasks_completed: 1, completed: 1, avg_response_time: 60 },
      { ...nothing, timestamp: iso(NOW + 2 * MINUTE) },
      { ...nothing, timestamp: iso(NOW + 3 * MINUTE), tasks_created: 1 },
    ]);
  });

  it.each([
    ['', 24, 60 * MINUTE],
    ['?period=1h', 60, MINUTE],
    ['?period=24h&granularity=minute', 1_440, MINUTE],
    ['?period=7d', 168, 60 * MINUTE],
    ['?period=30d', 31, 1_440 * MINUTE],
    ['?period=30d&granularity=hour', 720, 60 * MINUTE],
    ['?granularity=day', 2, 1_440 * MINUTE],
  ])('have points for %j', async (query, count, stepMs) => {
    service.clock.advance(59 * MINUTE);
    const { time_series: points } = await told(query);
    expect(points).toHaveLength(count);
    expect(Date.parse(points[1]?.timestamp ?? '') - Date.parse(points[0]?.timestamp ?? '')).toBe(stepMs);
  });

  it.each(['?period=7d&granularity=minute', '?period=30d&granularity=minute'])(
    'refuse %s: too many points, and say what would do',
    async (query) => {
      const answer = await ask(query);
      expect([answer.status, answer.body.error.code]).toEqual([400, 'VALIDATION_ERROR']);
      expect(violationsIn(answer)).toMatchObject([
        { field: 'granularity', constraints: { allowed: ['hour', 'day'], max_points: 1_500 } },
      ]);
    },
  );

  it.each([
    ['period', '?period=2h'],
    ['granularity', '?granularity=week'],
    ['kb_id', '?kb_id=kb-1'],
  ])('refuse a wrong %s', async (field, query) => {
    const answer = await ask(query);
    expect([answer.status, fieldsIn(answer)]).toEqual([400, [field]]);
  });

  it('are for callers with a key', async () => {
    expect((await service.as(null).get('/api/v1/statistics')).status).toBe(401);
  });
});
