import { InMemoryTaskStore } from '@task/infrastructure';
import type { ApiClient } from '../../support/api-client';
import { FixedClock } from '../../support/fixed-clock';
import { TestService } from './service';

/** A store whose database can be away. */
class DistantStore extends InMemoryTaskStore {
  isAway = false;
  pings = 0;

  constructor() {
    super(new FixedClock());
  }

  override ping(): Promise<void> {
    this.pings += 1;
    return this.isAway ? Promise.reject(new Error('gone')) : Promise.resolve();
  }
}

describe('health', () => {
  let store: DistantStore;
  let service: TestService;
  let anybody: ApiClient;

  beforeEach(async () => {
    store = new DistantStore();
    service = await TestService.start({ tasks: store });
    anybody = service.as(null);
  });
  afterEach(() => service.close());

  const read = async (path: string): Promise<{ status: number; body: unknown; cache: string | null }> => {
    const { status, text, headers } = await anybody.get(path);
    return { status, body: JSON.parse(text) as unknown, cache: headers.get('cache-control') };
  };

  it('tells all that the documents show, without the envelope, and nothing that does not exist', async () => {
    const admin = service.as('admin');
    for (let count = 0; count < 3; count += 1) await admin.createTask();
    await admin.claimTask();
    expect(await read('/health')).toEqual({
      status: 200,
      cache: 'no-store',
      body: {
        status: 'healthy',
        timestamp: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/),
        version: '9.8.7',
        uptime: expect.stringMatching(/^\d+h \d+m \d+s$/),
        database: 'connected',
        active_tasks: 3,
        components: {
          database: {
            status: 'healthy',
            healthy: true,
            response_time: expect.any(Number),
            last_checked: expect.stringMatching(/Z$/),
          },
          claims: { status: 'healthy', healthy: true, last_checked: expect.stringMatching(/Z$/) },
          events: { status: 'healthy', healthy: true, last_checked: expect.stringMatching(/Z$/) },
        },
        metrics: {
          memory_usage: expect.stringMatching(/^\d+MB$/),
          cpu_usage: expect.any(Number),
          active_connections: expect.any(Number),
          queue_size: 2,
        },
      },
    });
  });

  it('is 503 while the database is away, and says so', async () => {
    store.isAway = true;
    expect(await read('/health')).toMatchObject({
      status: 503,
      body: {
        status: 'unhealthy',
        database: 'disconnected',
        active_tasks: null,
        components: {
          database: { status: 'unhealthy', healthy: false, message: 'gives no answer' },
          claims: { status: 'healthy' },
        },
        metrics: { queue_size: null },
      },
    });
  });

  it('lives without asking the database', async () => {
    store.isAway = true;
    expect(await read('/health/live')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(store.pings).toBe(0);
  });

  it('is ready when it can work', async () => {
    expect(await read('/health/ready')).toMatchObject({
      status: 200,
      body: { status: 'ok', details: { process: { status: 'up' }, database: { status: 'up' } } },
    });
  });

  it.each([
    ['the database is away', () => (store.isAway = true), { database: { status: 'down' } }],
    ['it is stopping', () => (service.lifecycle.isDraining = true), { process: { message: 'is stopping' } }],
    [
      'it migrates',
      () => (service.lifecycle.isMigrating = true),
      { process: { message: 'migrates its database' } },
    ],
  ])('is not ready while %s', async (_when, happen, error) => {
    happen();
    expect(await read('/health/ready')).toMatchObject({ status: 503, body: { status: 'error', error } });
    expect((await read('/health/live')).status).toBe(200);
  });

  it('counts the connections of its clients', async () => {
    await Promise.all(Array.from({ length: 5 }, () => anybody.get('/health/live')));
    const { body } = await read('/health');
    const { metrics } = body as { metrics: { active_connections: number } };
    expect(metrics.active_connections).toBeGreaterThanOrEqual(1);
  });
});
