import { NOW } from '../../support/builders';
import { TestService } from '../http/service';
import { taskManagerOf } from '../task-manager/clients';
import { McpClient } from '../../support/mcp-client';
import type { Door, Seen, Wish } from './door';
import { McpDoor } from './mcp-door';
import { OrchestratorDoor } from './orchestrator-door';
import { TaskManagerDoor } from './task-manager-door';

/** Every way in; each case is run with each pair of them. */
const DOORS: Readonly<Record<string, (service: TestService) => Door>> = {
  'the orchestrator': (service) => new OrchestratorDoor(service.as('admin')),
  mcp: (service) => new McpDoor(new McpClient(service.baseUrl, 'admin')),
  'the task manager': (service) => new TaskManagerDoor(taskManagerOf(service)),
};
const PAIRS = Object.keys(DOORS).flatMap((creator) => Object.keys(DOORS).map((worker) => [creator, worker]));

const iso = (afterMs = 0): string => new Date(NOW + afterMs).toISOString();

const WISH: Wish = {
  taskType: 'document_processing',
  kbId: 'kb_123456',
  priority: 'high',
  payload: { file_path: '/a.txt', nested: { list: [1, 2.5, null, '中文 😀'] }, ['__proto__']: 1 },
  maxRetries: 5,
  timeoutSeconds: 600,
  autoRetry: false,
  availableAt: iso(-1_000),
};

describe.each(PAIRS)('a task that was created through %s and is worked on through %s', (creator, worker) => {
  let service: TestService;
  let doors: readonly Door[];
  let creating: Door;
  let working: Door;

  beforeEach(async () => {
    service = await TestService.start();
    doors = Object.values(DOORS).map((open) => open(service));
    creating = named(creator);
    working = named(worker);
  });
  afterEach(() => service.close());

  const named = (name: string): Door => {
    const door = doors[Object.keys(DOORS).indexOf(name)];
    if (door === undefined) throw new Error(`there is no door called ${name}`);
    return door;
  };
  /** The task as every door sees it, which must be the same. */
  const seen = async (id: string): Promise<Seen> => {
    const [first, ...others] = await Promise.all(doors.map((door) => door.read(id)));
    if (first === undefined) throw new Error('there is no door');
    for (const other of others) expect(other).toEqual(first);
    return first;
  };
  const listed = async (id: string, status: Seen['status']): Promise<void> => {
    for (const door of doors) expect([door.name, await door.list(status)]).toEqual([door.name, [id]]);
  };

  it('is the same task at every door, from its creation to its end', async () => {
    const id = await creating.create(WISH);
    const wished = Object.fromEntries(Object.entries(WISH).filter(([name]) => name !== 'priority'));
    const waiting = await seen(id);
    expect(waiting).toEqual({
      ...wished,
      id,
      status: 'waiting',
      band: 'high',
      workerId: null,
      progress: 0,
      progressMessage: null,
      result: null,
      errorMessage: null,
      retryCount: 0,
      lastRetryAt: null,
      createdAt: iso(),
      updatedAt: iso(),
      startedAt: null,
      completedAt: null,
      cancelledAt: null,
      placeInLine: 1,
    });
    await listed(id, 'waiting');

    service.clock.advance(1_000);
    const held = await working.claim('worker_001', WISH.taskType);
    expect(held).toEqual({ id, token: expect.any(String), attempt: 1 });
    await working.progress(held, 65, 'half way');
    const started = {
      ...waiting,
      ...{ status: 'working', workerId: 'worker_001', progress: 65, progressMessage: 'half way' },
      ...{ startedAt: iso(1_000), updatedAt: iso(1_000), placeInLine: 0 },
    };
    expect(await seen(id)).toEqual(started);
    await listed(id, 'working');

    service.clock.advance(1_000);
    const result = { chunks: [{ text: '…' }], count: 1 };
    await working.complete(held, result);
    expect(await seen(id)).toEqual({
      ...started,
      ...{ status: 'completed', progress: 100, result, completedAt: iso(2_000), updatedAt: iso(2_000) },
    });
    await listed(id, 'completed');
  });

  it('fails, is retried and cancelled at any of them', async () => {
    const id = await creating.create(WISH);
    const held = await working.claim('worker_001', WISH.taskType);
    await working.fail(held, 'no disk');
    const failed = await seen(id);
    expect(failed).toMatchObject({ status: 'failed', errorMessage: 'no disk', completedAt: iso() });
    await listed(id, 'failed');
    service.clock.advance(1_000);
    await creating.retry(id);
    expect(await seen(id)).toMatchObject({
      ...{ status: 'waiting', retryCount: 1, lastRetryAt: iso(1_000), completedAt: null },
      ...{ workerId: null, placeInLine: 1 },
    });
    await creating.cancel(id);
    expect(await seen(id)).toMatchObject({ status: 'cancelled', cancelledAt: iso(1_000), placeInLine: 0 });
    expect(await working.refusal(held)).toBe(409);
  });

  it('is held against every other worker, at every door', async () => {
    const id = await creating.create({ ...WISH, maxRetries: 1 });
    const first = await working.claim('worker_001', WISH.taskType);
    service.clock.advance(601_000);
    await service.core.tasks.lapse(10, (task, now) => task.lapse(service.core.policy.retry, now));
    await creating.retry(id);
    const second = await creating.claim('worker_002', WISH.taskType);
    expect([second.id, second.attempt]).toEqual([id, 2]);
    for (const door of doors) expect([door.name, await door.refusal(first)]).toEqual([door.name, 409]);
    await creating.complete(second, {});
    expect(await seen(id)).toMatchObject({ status: 'completed', workerId: 'worker_002' });
  });

  it('keeps what only the door of its creator knows', async () => {
    const id = await creating.create(WISH);
    await working.complete(await working.claim('worker_001', WISH.taskType), {});
    const task = await service.as('admin').readTask(id);
    const own = { prompt: 'write the release notes', tags: ['kept'], work_directory: '/srv/project' };
    const none = { prompt: null, tags: [], work_directory: null };
    expect(task).toMatchObject(creator === 'the task manager' ? none : own);
    expect(task.metadata).toMatchObject(creator === 'the task manager' ? {} : { kept: true });
  });

  it.each(['low', 'normal', 'high', 'critical'] as const)(
    'keeps its priority when it is %s',
    async (priority) => {
      const id = await creating.create({ ...WISH, priority });
      const { band } = await seen(id);
      expect(band).toBe({ low: 'low', normal: 'medium', high: 'high', critical: 'high' }[priority]);
    },
  );
});
