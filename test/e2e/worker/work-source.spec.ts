import { createServer, type Server } from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { ServiceClient } from '../../../src/client/service-client';
import {
  HoldEnded,
  SourceAway,
  SourceRefused,
  type ClaimRequest,
  type Hold,
  type WorkSource,
} from '../../../src/worker/runtime/work-source';
import { HttpSource } from '../../../src/worker/sources/http-source';
import { InProcessSource } from '../../../src/worker/sources/in-process-source';
import type { ApiTask } from '../../support/api-client';
import { eventually } from '../../support/eventually';
import { TestService } from '../http/service';

const REQUEST: ClaimRequest = { workerId: 'worker-1', leaseSeconds: 60, limit: 10, waitSeconds: 0 };
const GOES_ON = new AbortController().signal;

const ADAPTERS: readonly [string, (service: TestService) => WorkSource][] = [
  ['in the process of the service', ({ core }) => new InProcessSource(core, 'executor')],
  ['over HTTP', ({ baseUrl }) => overHttp(baseUrl, 'worker')],
];

function overHttp(url: string, apiKey: string | null): WorkSource {
  return new HttpSource(new ServiceClient({ kind: 'url', url, apiKey }));
}

describe.each(ADAPTERS)('the queue of a worker, %s', (_where, open) => {
  let service: TestService;
  let source: WorkSource;

  beforeEach(async () => {
    service = await TestService.start();
    source = open(service);
  });
  afterEach(async () => {
    source.close();
    await service.close();
  });

  const create = (more: Readonly<Record<string, unknown>> = {}): Promise<ApiTask> =>
    service.as('producer').createTask(more);
  const read = async ({ task }: Hold): Promise<ApiTask> =>
    (await service.as('reader').get(`/api/v1/tasks/${task.id}`)).body.data;
  const claimed = async (more: Readonly<Record<string, unknown>> = {}): Promise<Hold> => {
    await create(more);
    const [hold] = await source.claim(REQUEST, GOES_ON);
    if (hold === undefined) throw new Error('nothing was claimed');
    return hold;
  };
  const failure = (asked: Promise<unknown>): Promise<unknown> => asked.catch((error: unknown) => error);

  it('hands a task out with everything that a handler needs', async () => {
    const { task, leaseToken } = await claimed({
      task_type: 'report',
      payload: { pages: 3 },
      tags: ['a'],
      metadata: { team: 'x' },
      priority: 'high',
      timeout_seconds: 60,
    });

    expect(leaseToken.length).toBeGreaterThan(20);
    expect(task).toEqual({
      id: expect.any(String),
      taskType: 'report',
      prompt: 'write the release notes',
      workDirectory: '/srv/project',
      payload: { pages: 3 },
      priority: 'high',
      tags: ['a'],
      metadata: expect.objectContaining({ team: 'x' }),
      attempt: 1,
      retryCount: 0,
      timeoutSeconds: 60,
      dependencies: [],
    });
  });

  it('hands a task out with what came of those that it depended on', async () => {
    const first = await claimed();
    await source.complete(first, { pages: 2 });
    const second = await claimed({ depends_on: [first.task.id] });

    expect(second.task.dependencies).toEqual([
      { id: first.task.id, status: 'completed', result: { pages: 2 }, isCut: false },
    ]);
  });

  it('hands out what was asked for: directory, type, number', async () => {
    await create({ work_directory: '/srv/other' });
    await create({ work_directory: '/srv/project/below', task_type: 'report' });
    await create({ task_type: 'report' });
    await create({ task_type: 'report' });
    const of = async (more: Partial<ClaimRequest>): Promise<unknown[]> =>
      (await source.claim({ ...REQUEST, ...more }, GOES_ON)).map(({ task }) => [
        task.workDirectory,
        task.taskType,
      ]);

    expect(await of({ workPath: '/srv/project', limit: 1 })).toEqual([['/srv/project', 'report']]);
    expect(await of({ workPath: '/srv/project', recursive: true, taskTypes: ['report'] })).toEqual([
      ['/srv/project/below', 'report'],
      ['/srv/project', 'report'],
    ]);
    expect(await of({ taskTypes: ['report'] })).toEqual([]);
  });

  it('waits for work', async () => {
    const waiting = source.claim({ ...REQUEST, waitSeconds: 20 }, GOES_ON);
    await eventually(() => Promise.resolve(service.core.waiting.count === 1 ? true : null));
    await create();

    expect(await waiting).toHaveLength(1);
  });

  it('stops waiting when it is told to, and has claimed nothing', async () => {
    const stop = new AbortController();
    const waiting = failure(source.claim({ ...REQUEST, waitSeconds: 20 }, stop.signal));
    await eventually(() => Promise.resolve(service.core.waiting.count === 1 ? true : null));
    const reason = new Error('the worker stops');
    stop.abort(reason);
    expect(await waiting).toBe(reason);

    await create();
    const { body } = await service.as('reader').get<{ pagination: object }>('/api/v1/tasks?status=waiting');
    expect(body.data.pagination).toMatchObject({ total: 1 });
  });

  it('renews a lease, with progress and without', async () => {
    const hold = await claimed();
    const until = (await read(hold)).lease_expires_at;
    service.clock.advance(30_000);
    await source.heartbeat(hold);
    expect((await read(hold)).lease_expires_at).not.toBe(until);

    await source.progress(hold, { progress: 40, message: 'read 12 files' });
    expect(await read(hold)).toMatchObject({ progress: 40, progress_message: 'read 12 files' });
  });

  it('takes a result, and the same once more', async () => {
    const hold = await claimed();
    await source.complete(hold, { pages: 3 });
    await source.complete(hold, { pages: 3 });

    expect(await read(hold)).toMatchObject({ status: 'completed', result: { pages: 3 } });
  });

  it('takes a failure, and whether trying again can help', async () => {
    const hold = await claimed({ auto_retry: true });
    const report = { message: 'no paper', retryable: false, result: { exit_code: 3 } };
    await source.fail(hold, report);
    await source.fail(hold, report);

    expect(await read(hold)).toMatchObject({
      status: 'failed',
      error_message: 'no paper',
      result: { exit_code: 3 },
    });
  });

  it('takes a task back', async () => {
    const hold = await claimed();
    await source.release(hold, 'the worker stops');

    expect(await read(hold)).toMatchObject({ status: 'waiting', retry_count: 0 });
  });

  it('tells that a task was cancelled, whatever is said about it', async () => {
    const hold = await claimed();
    await service.as('producer').post(`/api/v1/tasks/${hold.task.id}/cancel`, { force: true });

    for (const said of [
      source.heartbeat(hold),
      source.progress(hold, { progress: 1 }),
      source.complete(hold, undefined),
      source.fail(hold, { message: 'x', retryable: true }),
      source.release(hold, 'x'),
    ]) {
      const ended = await failure(said);
      expect(ended).toBeInstanceOf(HoldEnded);
      expect(ended).toMatchObject({ kind: 'cancelled' });
    }
  });

  it('tells that somebody else has a task, or nobody', async () => {
    const hold = await claimed();
    const late = { ...hold, leaseToken: 'of-an-earlier-claim' };
    const unknown = { ...hold, task: { ...hold.task, id: 'nobody' } };

    for (const wrong of [late, unknown]) {
      expect(await failure(source.heartbeat(wrong))).toMatchObject({ name: 'HoldEnded', kind: 'lost' });
    }
  });
});

describe('the queue of a worker over HTTP', () => {
  let server: Server | null = null;

  afterEach(() => {
    server?.closeAllConnections();
    server?.close();
  });

  const serve = async (answer: Parameters<typeof createServer>[1]): Promise<WorkSource> => {
    server = createServer(answer);
    server.listen({ port: 0, host: '127.0.0.1' });
    await once(server, 'listening');
    return overHttp(`http://127.0.0.1:${(server.address() as AddressInfo).port}`, null);
  };
  const claimFailure = (source: WorkSource): Promise<unknown> =>
    source.claim(REQUEST, GOES_ON).catch((error: unknown) => error);

  it('says when it wants to be asked again', async () => {
    const source = await serve((_, response) => response.writeHead(429, { 'Retry-After': '7' }).end('{}'));

    const failure = await claimFailure(source);
    expect(failure).toBeInstanceOf(SourceAway);
    expect(failure).toMatchObject({ retryAfterMs: 7_000 });
  });

  it('is away while nobody answers, or somebody in between does', async () => {
    const source = await serve((request) => request.socket.destroy());
    expect(await claimFailure(source)).toBeInstanceOf(SourceAway);
    expect(await claimFailure(overHttp('http://127.0.0.1:1', null))).toBeInstanceOf(SourceAway);
  });

  it('refuses a worker without a key', async () => {
    const service = await TestService.start();
    for (const key of [null, 'nobody', 'reader']) {
      const failure = await claimFailure(overHttp(service.baseUrl, key));
      expect(failure).toBeInstanceOf(SourceRefused);
      expect(failure).toMatchObject({ isAboutWorker: true });
    }
    await service.close();
  });

  it('asks again for a claim whose answer got lost, word for word', async () => {
    const asked: unknown[] = [];
    const source = await serve((request, response) => {
      asked.push(request.headers['idempotency-key']);
      if (asked.length === 2) response.socket?.destroy();
      else response.end('{"data":{"tasks":[]}}');
    });
    await claimFailure(source);
    await claimFailure(source);
    await claimFailure(source);
    await claimFailure(source);

    const [first, lost, again, next] = asked;
    expect(again).toBe(lost);
    expect(new Set([first, lost, next]).size).toBe(3);
  });

  it('renews what such a claim brings, and begins nothing that somebody else has by now', async () => {
    const asked: string[] = [];
    const task = (name: string): object => ({ task_id: name, lease_token: 'token', dependencies: [] });
    const gone = JSON.stringify({ error: { code: 'CONFLICT', message: 'another lease' } });
    const source = await serve((request, response) => {
      asked.push(request.url ?? '');
      if (asked.length === 1) response.socket?.destroy();
      else if (asked.at(-1)?.endsWith('/claim'))
        response.end(JSON.stringify({ data: { tasks: [task('mine'), task('lost')] } }));
      else if (asked.at(-1)?.includes('lost')) response.writeHead(409).end(gone);
      else response.end('{"data":{}}');
    });

    expect(await claimFailure(source)).toBeInstanceOf(SourceAway);
    const holds = await source.claim(REQUEST, GOES_ON);
    expect(holds.map((hold) => hold.task.id)).toEqual(['mine']);
    expect(asked.filter((url) => url.endsWith('/heartbeat')).sort()).toEqual([
      '/api/v1/tasks/lost/heartbeat',
      '/api/v1/tasks/mine/heartbeat',
    ]);
    // What nobody has begun with is not renewed where the answer came at once.
    expect(await source.claim(REQUEST, GOES_ON)).toHaveLength(2);
    expect(asked).toHaveLength(5);
  });
});
