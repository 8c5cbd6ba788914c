import { once } from 'node:events';
import { get, request, type IncomingMessage } from 'node:http';
import { EventLog, StoreUnavailable, type EventFilter, type EventPage } from '@task/application';
import { EventStreams } from '../../../src/http/shared/streams/event-streams';
import type { ApiClient } from '../../support/api-client';
import { eventually } from '../../support/eventually';
import { ManualTimers } from '../../support/manual-timers';
import { EventClient } from './event-client';
import { TestService, type ServiceChanges } from './service';

const EVENTS = '/api/v1/events';
const KEEP_ALIVE_MS = 15_000;
/** More than a reader that takes nothing gets. */
const BEATS = 5;

/** Counts how often it is asked, and fails when a test says so. */
class WatchedLog extends EventLog {
  reads = 0;
  lookedAt = 0;
  isAway = false;

  constructor(private readonly log: EventLog) {
    super();
  }

  override async read(after: number, limit: number, filter: EventFilter): Promise<EventPage> {
    this.reads += 1;
    if (this.isAway) throw new StoreUnavailable('unreachable');
    const page = await this.log.read(after, limit, filter);
    this.lookedAt = Math.max(this.lookedAt, page.readTo);
    return page;
  }

  override bounds(): Promise<{ oldest: number; newest: number }> {
    return this.log.bounds();
  }
}

describe('streams of events', () => {
  let service: TestService;
  let admin: ApiClient;
  let timers: ManualTimers;
  let log: WatchedLog;
  let clients: EventClient[];

  const start = async (changes: ServiceChanges = {}): Promise<void> => {
    timers = new ManualTimers();
    const eventLog = (whole: EventLog): EventLog => (log = new WatchedLog(whole));
    service = await TestService.start({ timers, eventLog, ...changes });
    admin = service.as('admin');
    clients = [];
  };
  afterEach(async () => {
    clients.forEach((client) => client.close());
    await service.close();
  });

  const follow = async (path = EVENTS): Promise<EventClient> => {
    const client = await EventClient.open(service.baseUrl + path);
    clients.push(client);
    return client;
  };
  /** Lets time pass in small steps until something has come of it. */
  const whilePassing = <T>(stepMs: number, ask: () => T | null): Promise<T> =>
    eventually(async () => {
      await timers.advance(stepMs);
      return ask();
    });

  it('are 503 with Retry-After beyond their bound, until one is closed', async () => {
    await start({ settings: { maxEventStreams: 2 } });
    await follow();
    const second = await follow();
    const { status, headers, body } = await admin.get(EVENTS);
    expect([status, body.error.code, body.error.details]).toEqual([
      503,
      'SERVICE_UNAVAILABLE',
      { max_streams: 2, retry_after_seconds: 5 },
    ]);
    expect(headers.get('retry-after')).toBe('5');
    second.close();
    const third = await eventually(async () => {
      const client = await follow();
      return client.response.status === 200 ? client : null;
    });
    expect(third.response.status).toBe(200);
  });

  it('show every 15 seconds that they live, and how far their reader is', async () => {
    await start();
    await admin.createTask();
    const client = await follow(`${EVENTS}?type=task.completed`);
    await admin.createTask();
    await timers.advance(1_000);
    await timers.advance(KEEP_ALIVE_MS - 1_001);
    expect(client.comments).toEqual([]);
    await timers.advance(1);
    await eventually(() => Promise.resolve(client.comments.length === 1 ? true : null));
    expect([client.lastId, client.events]).toEqual(['2', []]);
  });

  it('do nothing while nothing happens', async () => {
    await start();
    const readers = await Promise.all(Array.from({ length: 20 }, () => follow()));
    await timers.advance(1_000);
    const reads = log.reads;
    await timers.advance(KEEP_ALIVE_MS - 2_000);
    expect([log.reads, timers.count]).toEqual([reads, 1]);
    expect(readers.every(({ events }) => events.length === 0)).toBe(true);
  });

  it('read what they all wait for once', async () => {
    await start();
    const readers = await Promise.all(Array.from({ length: 20 }, () => follow()));
    await timers.advance(1_000);
    const reads = log.reads;
    await admin.createTask();
    await timers.advance(1_000);
    await Promise.all(readers.map((reader) => reader.until(1)));
    expect(log.reads - reads).toBeLessThanOrEqual(2);
  });

  it('are not cut by the time that a request may take', async () => {
    await start({ settings: { requestTimeoutMs: 1_500 } });
    const client = await follow();
    expect(await timedOut()).toBe(504);
    await admin.createTask();
    await whilePassing(100, () => (client.events.length === 1 ? true : null));
    expect(client.ending).toBeNull();
  });

  /** The status of a request that began after the streams, and ran for as long as one may. */
  function timedOut(): Promise<number | undefined> {
    return new Promise((resolve, reject) => {
      const headers = {
        Authorization: 'Bearer admin',
        'Content-Type': 'application/json',
        'Content-Length': 9,
      };
      request(`${service.baseUrl}/api/v1/tasks`, { method: 'POST', headers }, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on('error', reject)
        .write('{"work"');
    });
  }

  it('end when their key may not read any more', async () => {
    await start();
    const made = await admin.post('/api/v1/keys', { name: 'passer-by', roles: ['reader'] });
    const { id, key } = made.body.data as unknown as { id: string; key: string };
    const client = await EventClient.open(service.baseUrl + EVENTS, {}, key);
    const other = await follow();
    expect((await admin.send('DELETE', `/api/v1/keys/${id}`)).status).toBe(200);
    await timers.advance(KEEP_ALIVE_MS);
    expect(await client.ended()).toBe('ended');
    await admin.createTask();
    await whilePassing(100, () => (other.events.length === 1 ? true : null));
    expect(client.events).toEqual([]);
  });

  it('end when the service begins to stop, and none is opened after that', async () => {
    await start();
    const client = await follow();
    service.lifecycle.drain();
    expect(await client.ended()).toBe('ended');
    const { status, headers } = await admin.get(EVENTS);
    expect([status, headers.get('retry-after')]).toEqual([503, '5']);
  });

  it('go on when the store comes back', async () => {
    await start();
    const client = await follow();
    log.isAway = true;
    await admin.createTask();
    const before = log.reads;
    await whilePassing(100, () => (log.reads > before ? true : null));
    log.isAway = false;
    await whilePassing(100, () => (client.events.length === 1 ? true : null));
    expect(client.ending).toBeNull();
  });

  it('forget a reader that hangs up', async () => {
    await start({ settings: { maxEventStreams: 1 } });
    (await follow()).close();
    const next = await eventually(async () => {
      const client = await follow();
      return client.response.status === 200 ? client : null;
    });
    await admin.createTask();
    await whilePassing(100, () => (next.events.length === 1 ? true : null));
  });

  /** A log that is longer than what connections hold on their way. */
  const fill = async (thousands = 4): Promise<void> => {
    const tasks = Array.from({ length: 1_000 }, () => ({ work_directory: '/srv', prompt: 'read' }));
    for (let count = 0; count < thousands; count += 1) await admin.post('/api/v1/tasks/batch', { tasks });
    for (let hasMore = true; hasMore;) {
      const all = { all: true, reason: '因'.repeat(1_000) };
      const { body } = await admin.post<{ has_more: boolean }>('/api/v1/tasks/bulk-cancel', all);
      hasMore = body.data.has_more;
    }
  };

  it('drop a reader that takes nothing for 30 seconds, and keep little for it', async () => {
    await start();
    await fill();
    const streams = service.app.get(EventStreams);
    const stuck = await stuckReader(`${service.baseUrl}${EVENTS}?after=0`);
    const looked = await settled(() => log.lookedAt);
    expect(looked).toBeLessThan(8_000);
    await timers.advance(KEEP_ALIVE_MS * 3 - 1);
    expect([streams.count, log.lookedAt]).toEqual([1, looked]);
    await timers.advance(1);
    await eventually(() => Promise.resolve(streams.count === 0 ? true : null));
    stuck.destroy();
  });

  it('keep a reader that is slow, as long as it takes something', async () => {
    await start();
    await fill(6);
    const streams = service.app.get(EventStreams);
    const slow = await stuckReader(`${service.baseUrl}${EVENTS}?after=0`);
    for (let round = 1; round <= BEATS; round += 1) {
      const looked = await settled(() => log.lookedAt);
      await timers.advance(KEEP_ALIVE_MS);
      await eventually(
        () => {
          slow.read();
          return Promise.resolve(log.lookedAt > looked ? true : null);
        },
        { pauseMs: 1 },
      );
    }
    expect(streams.count).toBe(1);
    slow.destroy();
  });
});

/** A reader that reads nothing of the stream but its head. */
async function stuckReader(url: string): Promise<IncomingMessage> {
  const sent = get(url, { headers: { Authorization: 'Bearer reader' } });
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.on('error', () => undefined);
  response.pause();
  return response;
}

/** A figure that has not changed for a while. */
async function settled(ask: () => number): Promise<number> {
  let last = ask();
  let since = performance.now();
  return eventually(() => {
    if (ask() !== last) {
      last = ask();
      since = performance.now();
    }
    return Promise.resolve(performance.now() - since > 300 ? last : null);
  });
}
