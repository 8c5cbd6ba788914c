import { ApiClient } from '../../support/api-client';
import { uuid } from '../../support/counted-ids';
import { TestService } from './service';

type Json = Readonly<Record<string, unknown>>;

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Json;
}

const FIELDS = [
  'task_id',
  'status',
  'task_type',
  'description',
  'parameters',
  'priority',
  'timeout_seconds',
  'progress',
  'result',
  'error',
  'created_at',
  'started_at',
  'completed_at',
];

describe('the agent-tasks dialect', () => {
  const executor = { taskTypes: ['report', 'builtin.echo', 'builtin.sleep'], maxWaiting: 1_000 };
  let service: TestService;
  let producer: ApiClient;

  beforeEach(async () => {
    executor.maxWaiting = 1_000;
    service = await TestService.start({ executor });
    producer = service.as('producer');
  });
  afterEach(() => service.close());

  const send = async (
    method: string,
    path: string,
    body?: unknown,
    client: ApiClient = producer,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<Answer> => {
    const { status, headers: answered, text } = await client.send(method, path, { body, headers });
    return { status, headers: answered, body: JSON.parse(text) as Json };
  };
  const create = (more: object = {}): Promise<Answer> =>
    send('POST', '/tasks', { task_type: 'report', description: 'write it', ...more });
  const claim = async (): Promise<Json> => {
    const { body } = await service.as('worker').post<{ tasks: Json[] }>('/api/v1/tasks/claim', {});
    return body.data.tasks[0] ?? {};
  };

  it('creates a task with exactly the documented fields, and its defaults', async () => {
    const { status, body } = await create();

    expect([status, Object.keys(body)]).toEqual([201, FIELDS]);
    expect(body).toMatchObject({
      status: 'created',
      task_type: 'report',
      description: 'write it',
      parameters: null,
      priority: 1,
      timeout_seconds: null,
      progress: 0,
      result: null,
      error: null,
      started_at: null,
      completed_at: null,
    });
  });

  it('lets tasks wait for others and share a key, and says what stands in their way', async () => {
    const { body: first } = await create({ concurrency_key: 'repo' });
    const { body: last } = await create({ depends_on: [first.task_id], on_dependency_failure: 'cancel' });
    const { body: shared } = await create({ concurrency_key: 'repo', depends_on: null });
    const read = async ({ task_id: id }: Json): Promise<Json> =>
      (await send('GET', `/tasks/${String(id)}`)).body;

    expect(last.blocked_by).toEqual([{ kind: 'dependencies', pending: 1 }]);
    expect([shared.concurrency_key, shared.blocked_by]).toEqual([
      'repo',
      [{ kind: 'concurrency_key', concurrency_key: 'repo' }],
    ]);
    expect((await read(first)).blocked_by).toBeUndefined();
    expect((await create({ depends_on: [uuid(7)] })).body.detail).toMatchObject([
      { loc: ['body', 'depends_on', 0] },
    ]);
  });

  it('takes null for what is left out, as the framework of its document does', async () => {
    const { status, body } = await create({ parameters: null, priority: null, timeout_seconds: null });

    expect([status, body.priority, body.parameters]).toEqual([201, 1, null]);
  });

  it('reads a task in every state under its own names', async () => {
    const { body: created } = await create({ parameters: { pages: 3 }, priority: 10, timeout_seconds: 60 });
    const path = `/tasks/${String(created.task_id)}`;
    expect((await send('GET', path)).body).toEqual(created);

    const { lease_token } = await claim();
    const worker = service.as('worker');
    await worker.post(`/api/v1${path}/progress`, { progress: 40, lease_token });
    expect((await send('GET', path)).body).toMatchObject({
      status: 'running',
      progress: 40,
      started_at: expect.any(String),
    });

    await worker.post(`/api/v1${path}/complete`, { result: { pages: 3 }, lease_token });
    expect((await send('GET', path)).body).toMatchObject({
      status: 'completed',
      progress: 100,
      result: { pages: 3 },
      completed_at: expect.any(String),
    });
  });

  it('is one queue with the other dialects: priority, parameters and description have their names there', async () => {
    const { body } = await create({ parameters: { pages: 3 }, priority: 10 });
    const { body: there } = await producer.get(`/api/v1/tasks/${String(body.task_id)}`);

    expect(there.data).toMatchObject({
      status: 'waiting',
      task_type: 'report',
      prompt: 'write it',
      payload: { pages: 3 },
      priority: 'high',
      work_directory: null,
    });
  });

  it('reads a task of another dialect', async () => {
    const { task_id } = await producer.createTask({ priority: 'high' });

    expect((await send('GET', `/tasks/${task_id}`)).body).toMatchObject({ status: 'created', priority: 8 });
  });

  it('tells why a task has failed', async () => {
    const { body: created } = await create();
    const { lease_token } = await claim();
    const path = `/tasks/${String(created.task_id)}`;
    await service.as('worker').post(`/api/v1${path}/fail`, { error_message: 'no paper', lease_token });

    expect((await send('GET', path)).body).toMatchObject({ status: 'failed', error: 'no paper' });
  });

  it.each(['created', 'running'])('cancels a task that is %s', async (status) => {
    const { body: created } = await create();
    if (status === 'running') await claim();
    const path = `/tasks/${String(created.task_id)}`;
    const { status: code, body } = await send('DELETE', path);

    expect([code, body.status]).toEqual([200, 'cancelled']);
    expect(body.completed_at).not.toBeNull();
    expect((await send('DELETE', path)).status).toBe(409);
  });

  it('answers 404 with a detail for a task that there is not, whatever is asked', async () => {
    for (const [method, id] of [
      ['GET', uuid(99)],
      ['GET', 'no-uuid'],
      ['DELETE', uuid(99)],
    ] as const) {
      const { status, body } = await send(method, `/tasks/${id}`);
      expect([status, body]).toEqual([404, { detail: 'There is no task with this id' }]);
    }
  });

  it('names every mistake of a request, with its place and its kind', async () => {
    const { status, body } = await send('POST', '/tasks', {
      task_type: 'Not This',
      priority: 11,
      timeout_seconds: 'soon',
      parameters: [],
      colour: 'red',
    });

    expect(status).toBe(422);
    expect(body.detail).toEqual([
      { loc: ['body', 'colour'], msg: 'is not a known field', type: 'extra_forbidden' },
      { loc: ['body', 'task_type'], msg: expect.any(String), type: 'string_pattern_mismatch' },
      { loc: ['body', 'description'], msg: 'is required', type: 'missing' },
      { loc: ['body', 'parameters'], msg: 'must be a JSON object', type: 'dict_type' },
      { loc: ['body', 'priority'], msg: 'must be from 1 to 10', type: 'out_of_range' },
      { loc: ['body', 'timeout_seconds'], msg: 'must be a whole number', type: 'int_type' },
    ]);
  });

  it.each([
    ['POST', '/tasks'],
    ['GET', `/tasks/${uuid(9)}`],
    ['DELETE', `/tasks/${uuid(9)}`],
  ])('passes over no parameter of %s %s', async (method, path) => {
    const { status, body } = await send(method, `${path}?dry_run=true`, method === 'POST' ? {} : undefined);
    expect([status, body.detail]).toEqual([
      422,
      [{ loc: ['query', 'dry_run'], msg: 'is not a known field', type: 'extra_forbidden' }],
    ]);
  });

  it('speaks Chinese to those who do', async () => {
    const zh = { 'Accept-Language': 'zh' };

    expect((await send('GET', `/tasks/${uuid(9)}`, undefined, producer, zh)).body).toEqual({
      detail: '任务不存在',
    });
    const { body } = await send('POST', '/tasks', {}, producer, zh);
    expect(JSON.stringify(body)).toContain('不能为空');
  });

  it.each([
    ['no JSON', 'POST', '/tasks', '{', 422],
    ['a description without a word', 'POST', '/tasks', '{"task_type":"report","description":"…"}', 422],
    ['another method', 'PUT', '/tasks', undefined, 405],
    ['a list, which it has none of', 'GET', '/tasks', undefined, 405],
    ['another path below', 'GET', '/tasks/a/b', undefined, 404],
  ])('words %s in its own way', async (_what, method, path, raw, expected) => {
    const { status, text } = await producer.send(method, path, raw === undefined ? {} : { raw });

    expect([status, Object.keys(JSON.parse(text))]).toEqual([expected, ['detail']]);
  });

  it('asks for a key, and for its role', async () => {
    const body = { task_type: 'report', description: 'write it' };

    expect(await send('POST', '/tasks', body, service.as(null))).toMatchObject({
      status: 401,
      body: { detail: expect.any(String) },
    });
    expect((await send('POST', '/tasks', body, service.as('reader'))).status).toBe(403);
    expect((await send('DELETE', `/tasks/${uuid(1)}`, undefined, service.as('worker'))).status).toBe(403);
  });

  it('does nothing twice under one idempotency key', async () => {
    const key = { 'Idempotency-Key': 'once' };
    const body = { task_type: 'report', description: 'write it' };
    const first = await send('POST', '/tasks', body, producer, key);
    const again = await send('POST', '/tasks', body, producer, key);

    expect([again.status, again.body]).toEqual([201, first.body]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
  });

  it('answers 503 when more wait for the service than it may promise to run', async () => {
    executor.maxWaiting = 2;
    await create();
    await create({ task_type: 'echo' });
    const { status, body, headers } = await create();

    expect([status, Object.keys(body), headers.get('retry-after')]).toEqual([503, ['detail'], '5']);
  });

  it('gives what was filed before its first answer again, however many wait', async () => {
    executor.maxWaiting = 1;
    const key = { 'Idempotency-Key': 'once' };
    const body = { task_type: 'report', description: 'write it' };
    const first = await send('POST', '/tasks', body, producer, key);
    const again = await send('POST', '/tasks', body, producer, key);

    expect([again.status, again.body]).toEqual([201, first.body]);
    expect((await create()).status).toBe(503);
  });

  it('never promises more than that, however many ask at once', async () => {
    executor.maxWaiting = 5;
    const statuses = await Promise.all(
      Array.from({ length: 20 }, () => create().then(({ status }) => status)),
    );

    expect(statuses.filter((status) => status === 201)).toHaveLength(5);
    expect(statuses.filter((status) => status === 503)).toHaveLength(15);
  });

  it('leaves a type without a handler to workers outside, however many wait for the service', async () => {
    executor.maxWaiting = 1;
    await create();

    expect((await create({ task_type: 'somebody-elses' })).status).toBe(201);
  });

  it('means its own handlers by echo and sleep, and shows them under these names', async () => {
    const { body } = await create({ task_type: 'echo' });

    expect(body.task_type).toBe('echo');
    expect((await producer.get(`/api/v1/tasks/${String(body.task_id)}`)).body.data).toMatchObject({
      task_type: 'builtin.echo',
    });
  });

  it('means the listed handler where the operator has listed one', async () => {
    executor.taskTypes.push('echo');
    const { body } = await create({ task_type: 'echo' });
    executor.taskTypes.pop();

    expect((await producer.get(`/api/v1/tasks/${String(body.task_id)}`)).body.data).toMatchObject({
      task_type: 'echo',
    });
  });
});
