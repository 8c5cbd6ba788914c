import { TaskTypes } from '@task/domain';
import { NOW } from '../../support/builders';
import type { TaskManagerClient } from '../../support/task-manager-client';
import { TestService, type ServiceChanges } from '../http/service';
import { taskManagerOf } from './clients';

const NEW = { task_type: 'document_processing', kb_id: 'kb_123456', payload: { file_path: '/a.txt' } };
const iso = (afterMs = 0): string => new Date(NOW + afterMs).toISOString();

describe('creating in the task manager', () => {
  let service: TestService;
  let api: TaskManagerClient;

  const start = async (changes: ServiceChanges = {}): Promise<void> => {
    service = await TestService.start(changes);
    api = taskManagerOf(service, 'producer');
  };
  beforeEach(() => start());
  afterEach(() => service.close());

  const restart = async (changes: ServiceChanges): Promise<void> => {
    await service.close();
    await start(changes);
  };
  const fieldsOf = async (body: unknown): Promise<unknown> => {
    const { status, failure } = await api.post('/api/v1/tasks', body);
    expect([status, failure.code]).toEqual([400, 'INVALID_REQUEST']);
    return failure.details.fields?.map(({ field }) => field);
  };

  it('answers 201 with the whole task', async () => {
    const schedule = iso(60_000);
    const sent = { ...NEW, priority: 'high', max_retries: 2, timeout: 60, schedule_for: schedule };
    const { status, body } = await api.post('/api/v1/tasks', sent);
    expect(status).toBe(201);
    expect(body).toEqual({
      ...sent,
      id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      status: 'queued',
      progress: 0,
      progress_message: null,
      retry_count: 0,
      auto_retry: true,
      error_message: '',
      worker_id: null,
      result: null,
      created_at: iso(),
      updated_at: iso(),
      started_at: null,
      completed_at: null,
      cancelled_at: null,
      last_retry_at: null,
      ...{ concurrency_key: null, on_dependency_failure: null, depends_on: [] },
      blocked_by: [{ kind: 'not_due', available_at: schedule }],
      queue_position: 0,
    });
    expect(await api.read(body.id)).toEqual(body);
  });

  it('gives what is left out the defaults of its document', async () => {
    expect((await api.post('/api/v1/tasks', NEW)).body).toMatchObject({
      priority: 'normal',
      max_retries: 3,
      timeout: 300,
      auto_retry: true,
      schedule_for: null,
      queue_position: 1,
    });
  });

  it('knows four priorities, the most urgent first in the queue', async () => {
    const priorities = ['low', 'normal', 'high', 'critical'];
    const created = [];
    for (const priority of priorities) created.push(await api.create({ priority }));
    const read = await Promise.all(created.map(({ id }) => api.read(id)));
    expect(read.map(({ priority, queue_position }) => [priority, queue_position])).toEqual([
      ['low', 4],
      ['normal', 3],
      ['high', 2],
      ['critical', 1],
    ]);
  });

  it('names every wrong field at once', async () => {
    expect(await fieldsOf({ priority: 'medium', timeout: 0, max_retries: 101, colour: 'red' })).toEqual([
      'colour',
      'task_type',
      'kb_id',
      'priority',
      'payload',
      'max_retries',
      'timeout',
    ]);
  });

  it('takes one of its six types, or any that is registered, and no other', async () => {
    const { failure } = await api.post('/api/v1/tasks', { ...NEW, task_type: 'agent_prompt' });
    expect(failure.details).toMatchObject({
      fields: [{ field: 'task_type', constraints: { allowed: expect.arrayContaining(['vector_storage']) } }],
    });
    const ocr = { name: 'ocr', timeoutSeconds: 60, maxRetries: 1, payload: null };
    await restart({
      policy: { taskTypes: new TaskTypes([{ ...ocr, backoff: { baseMs: null, capMs: null } }]) },
    });
    expect(await api.create({ task_type: 'ocr' })).toMatchObject({ timeout: 60, max_retries: 1 });
    expect(await api.create({ task_type: 'ocr', timeout: 7 })).toMatchObject({ timeout: 7 });
  });

  it('refuses what is more than may wait, with its own code', async () => {
    await restart({ policy: { maxWaiting: 1 } });
    await api.create();
    const { status, failure, headers } = await api.post('/api/v1/tasks', NEW);
    expect([status, failure.code, headers.get('retry-after')]).toEqual([503, 'QUEUE_FULL', '5']);
  });

  describe('in a batch', () => {
    interface Batch {
      readonly tasks: readonly { readonly id: string }[];
      readonly count: number;
    }

    it('files all of them, in their order, without their places in the queue', async () => {
      const { status, body } = await api.post<Batch>('/api/v1/tasks/batch', [NEW, { ...NEW, kb_id: 'kb_2' }]);
      expect([status, body.count]).toEqual([201, 2]);
      expect(body.tasks).toMatchObject([{ kb_id: 'kb_123456', timeout: 300 }, { kb_id: 'kb_2' }]);
      expect(body.tasks[0]).not.toHaveProperty('queue_position');
    });

    it.each([
      ['a field', [NEW, { ...NEW, kb_id: undefined }, { ...NEW, timeout: 0 }], 1, ['kb_id', 'timeout']],
      ['a type', [NEW, NEW, { ...NEW, task_type: 'unheard_of' }], 2, ['task_type']],
      ['the only one', [{ ...NEW, task_type: 'unheard_of' }], 0, ['task_type']],
    ])('files none when %s is wrong, and names its index', async (_, batch, index, fields) => {
      const { status, failure } = await api.post('/api/v1/tasks/batch', batch);
      expect([status, failure.code, failure.details.index]).toEqual([400, 'INVALID_REQUEST', index]);
      expect(failure.details.fields?.map(({ field }) => field)).toEqual(fields);
      expect(failure.details.fields?.[0]?.index).toBe(index);
      const { body } = await api.get<{ pagination: { total: number } }>('/api/v1/tasks');
      expect(body.pagination.total).toBe(0);
    });

    it.each([
      ['an object', { tasks: [NEW] }],
      ['an empty list', []],
      ['more than a thousand', Array.from({ length: 1001 }, () => NEW)],
      ['a list of something else', [1]],
    ])('takes no body that is %s', async (_, batch) => {
      const { status, failure } = await api.post('/api/v1/tasks/batch', batch);
      expect([status, failure.code]).toEqual([400, 'INVALID_REQUEST']);
    });

    it('takes a thousand', async () => {
      const batch = Array.from({ length: 1000 }, () => NEW);
      expect((await api.post<Batch>('/api/v1/tasks/batch', batch)).body.count).toBe(1000);
    });

    it('takes up to 16 MiB', async () => {
      const payload = { text: 'x'.repeat(200 * 1024) };
      const batch = Array.from({ length: 20 }, () => ({ ...NEW, payload }));
      expect((await api.post<Batch>('/api/v1/tasks/batch', batch)).status).toBe(201);
    });
  });

  it('does nothing again under the same idempotency key', async () => {
    const key = { 'Idempotency-Key': 'once' };
    const first = await api.send('POST', '/api/v1/tasks', NEW, key);
    const again = await api.send('POST', '/api/v1/tasks', NEW, key);
    expect(again.body.id).toBe(first.body.id);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const other = await api.send('POST', '/api/v1/tasks', { ...NEW, kb_id: 'kb_2' }, key);
    expect([other.status, other.failure.code]).toEqual([422, 'IDEMPOTENCY_KEY_REUSED']);
  });
});
