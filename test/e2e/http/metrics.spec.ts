import { StoreUnavailable, WaitingClaims } from '@task/application';
import {
  Commits,
  InMemoryStatistics,
  InMemoryTaskStore,
  queueMetrics,
  serviceMetrics,
  SystemClock,
  SystemTimers,
  TaskMetrics,
} from '@task/infrastructure';
import { Prometheus } from '../../../src/http/system/prometheus';
import type { ApiClient } from '../../support/api-client';
import { eventually } from '../../support/eventually';
import { FixedClock } from '../../support/fixed-clock';
import { readExposition, type Exposed, type ExposedFamily } from '../../support/prometheus-text';
import { openScratch, scratchSqlite } from '../../support/scratch-databases';
import { TestQueue } from '../../support/test-queue';
import { memoryGuard } from '../../support/told-memory';
import { EventClient } from './event-client';
import { TestService } from './service';

type Families = ReadonlyMap<string, ExposedFamily>;

const samplesOf = (families: Families, name: string): readonly Exposed[] =>
  families.get(`task_orchestrator_${name}`)?.samples ?? [];
const valueOf = (families: Families, name: string, labels: Readonly<Record<string, string>> = {}): number =>
  samplesOf(families, name).find((sample) =>
    Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  )?.value ?? Number.NaN;

describe('metrics', () => {
  let service: TestService;
  let admin: ApiClient;

  beforeEach(async () => {
    service = await TestService.start();
    admin = service.as('admin');
  });
  afterEach(() => service.close());

  const scrape = async (): Promise<Families> =>
    readExposition((await service.as('reader').get('/metrics')).text);
  const requests = async (): Promise<readonly (readonly unknown[])[]> =>
    samplesOf(await scrape(), 'http_requests_total').map(({ labels: { method, route, status }, value }) => [
      ...[method, route, status],
      value,
    ]);

  it('are for callers with a key, as text that Prometheus reads', async () => {
    expect((await service.as(null).get('/metrics')).status).toBe(401);
    const { status, headers } = await service.as('reader').get('/metrics');
    expect([status, headers.get('content-type'), headers.get('cache-control')]).toEqual([
      200,
      'text/plain; version=0.0.4; charset=utf-8',
      'no-store',
    ]);
    expect((await scrape()).size).toBeGreaterThan(40);
  });

  it('tell how many tasks there are, and what was done to them', async () => {
    for (let count = 0; count < 3; count += 1) await admin.createTask();
    const { task_id: id } = await admin.claimTask();
    await admin.post(`/api/v1/tasks/${id}/complete`);
    service.clock.advance(90_000);
    const families = await scrape();
    const tasks = samplesOf(families, 'tasks').map(({ labels, value }) => [labels.status, value]);
    expect(Object.fromEntries(tasks)).toEqual({
      waiting: 2,
      working: 0,
      completed: 1,
      failed: 0,
      cancelled: 0,
    });
    expect(valueOf(families, 'tasks_created_total')).toBe(3);
    expect(valueOf(families, 'claims_total')).toBe(1);
    expect(valueOf(families, 'completions_total')).toBe(1);
    expect(valueOf(families, 'holder_writes_without_token_total')).toBe(1);
    expect(valueOf(families, 'oldest_claimable_task_age_seconds')).toBe(90);
    expect(valueOf(families, 'build_info', { version: '9.8.7' })).toBe(1);
  });

  it('count requests by the pattern of their route, never by their path', async () => {
    const { task_id: id } = await admin.createTask();
    await admin.get(`/api/v1/tasks/${id}`);
    await admin.get(`/API/v1/tasks/${id}/`);
    await admin.get('/api/v1/tasks/11111111-1111-4111-8111-111111111111');
    await admin.get('/nowhere/secret-1');
    await admin.get('/nowhere/secret-2');
    await admin.send('DELETE', `/api/v1/tasks/${id}`);
    const counted = await requests();
    expect(counted).toEqual(
      expect.arrayContaining([
        ['POST', '/api/v1/tasks', '201', 1],
        ['GET', '/api/v1/tasks/{task_id}', '200', 2],
        ['GET', '/api/v1/tasks/{task_id}', '404', 1],
        ['GET', 'unmatched', '404', 2],
        ['DELETE', '/api/v1/tasks/{task_id}', '405', 1],
      ]),
    );
    expect(JSON.stringify(counted)).not.toMatch(/secret|1111/);
    const durations = samplesOf(await scrape(), 'http_request_duration_seconds').filter(
      ({ name, labels }) => name.endsWith('_count') && labels.route === '/api/v1/tasks/{task_id}',
    );
    expect(durations.map(({ labels, value }) => [labels.method, value])).toEqual([
      ['GET', 3],
      ['DELETE', 1],
    ]);
  });

  it('count what was refused before it got to its route', async () => {
    await service.close();
    service = await TestService.start({
      settings: { rateLimit: { requestsPerMinute: 3, burstSize: 3 } },
    });
    admin = service.as('admin');
    for (let count = 0; count < 5; count += 1) await admin.get('/api/v1/workers/somebody');
    const families = readExposition((await service.app.get(Prometheus).expose()).text);
    expect(valueOf(families, 'throttled_requests_total')).toBe(2);
    expect(
      valueOf(families, 'http_requests_total', { route: '/api/v1/workers/{worker_id}', status: '429' }),
    ).toBe(2);
  });

  it('keep the labels bounded, whatever methods come', async () => {
    for (const method of ['PROPFIND', 'PURGE', 'MKCOL', 'OPTIONS']) await admin.send(method, '/api/v1/tasks');
    const methods = new Set((await requests()).map(([method]) => method));
    expect(methods).toEqual(new Set(['OPTIONS', 'other']));
  });

  it('tell of callers who hung up, of those who wait, and of those who follow events', async () => {
    const reader = await EventClient.open(`${service.baseUrl}/api/v1/events`);
    const caller = new AbortController();
    const claim = admin
      .send('GET', '/api/v1/tasks/next?work_path=/srv/none&wait=20', { signal: caller.signal })
      .catch(() => 'hung up');
    await eventually(async () => (service.core.waiting.count === 1 ? true : null));
    expect(valueOf(await scrape(), 'event_streams')).toBe(1);
    caller.abort();
    expect(await claim).toBe('hung up');
    await eventually(async () =>
      (await requests()).some(([, route, status]) => route === '/api/v1/tasks/next' && status === 'aborted')
        ? true
        : null,
    );
    reader.close();
    await eventually(async () => (valueOf(await scrape(), 'event_streams') === 0 ? true : null));
    const families = await scrape();
    const counted = samplesOf(families, 'http_request_duration_seconds').map(({ labels }) => labels.route);
    expect(counted).toContain('/api/v1/tasks/next');
    expect(counted).not.toContain('/api/v1/events');
    expect(valueOf(families, 'http_connections')).toBeGreaterThan(0);
  });

  it('tell of the process: its memory, its processor time and the lag of its event loop', async () => {
    const families = await scrape();
    for (const name of [
      'process_resident_memory_bytes',
      'process_cpu_seconds_total',
      'process_start_time_seconds',
      'nodejs_eventloop_lag_p99_seconds',
    ]) {
      expect(families.get(name)?.samples).toHaveLength(1);
    }
  });
});

/** Statistics of a database that is away. */
class AwayStatistics extends InMemoryStatistics {
  override counts(): Promise<never> {
    return Promise.reject(new StoreUnavailable('unreachable'));
  }

  override claimableSince(): Promise<never> {
    return Promise.reject(new StoreUnavailable('unreachable'));
  }
}

describe('metrics of what is behind the doors', () => {
  it('leave out what is not known while the database is away, and tell everything else', async () => {
    const clock = new FixedClock();
    const prometheus = new Prometheus();
    const statistics = new AwayStatistics(new InMemoryTaskStore(clock), clock);
    prometheus.add([...queueMetrics(statistics, clock), ...new TaskMetrics(new Commits()).families()]);
    const families = readExposition((await prometheus.expose()).text);
    expect(samplesOf(families, 'tasks')).toEqual([]);
    expect(samplesOf(families, 'oldest_claimable_task_age_seconds')).toEqual([]);
    expect(valueOf(families, 'claims_total')).toBe(0);
  });

  it('tell of the groups in which a database is written', async () => {
    const scratch = await openScratch(await scratchSqlite());
    const clock = new SystemClock();
    const waiting = new WaitingClaims(scratch.store.tasks, clock, new SystemTimers(), scratch.store.commits);
    const prometheus = new Prometheus();
    prometheus.add(serviceMetrics(scratch.store, waiting, clock, memoryGuard(0.9)));
    const queue = new TestQueue(scratch.store.tasks);
    await Promise.all(Array.from({ length: 20 }, () => queue.create()));
    await queue.complete(await queue.claimed());
    const families = readExposition((await prometheus.expose()).text);
    waiting.close();
    await scratch.remove();
    expect(valueOf(families, 'tasks', { status: 'waiting' })).toBe(19);
    expect(valueOf(families, 'tasks_created_total')).toBe(20);
    const figure = (name: string): number =>
      families.get(`task_orchestrator_${name}`)?.samples.find((each) => each.name.endsWith('_sum'))?.value ??
      0;
    expect(figure('commit_group_commands')).toBe(22);
    expect(figure('commit_group_duration_seconds')).toBeGreaterThan(0);
    expect(valueOf(families, 'lane_queued_commands')).toBe(0);
    expect(valueOf(families, 'waiting_claims')).toBe(0);
    expect(valueOf(families, 'memory_used_ratio', { bound: 'heap' })).toBe(0.9);
    expect(valueOf(families, 'memory_short')).toBe(1);
    expect(valueOf(families, 'memory_refusals_total')).toBe(0);
  });
});
