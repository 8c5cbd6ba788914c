import { NOW } from '../../support/builders';
import { eventually } from '../../support/eventually';
import type { TaskInfo, TaskManagerClient } from '../../support/task-manager-client';
import { TestService, type ServiceChanges } from '../http/service';
import { taskManagerOf } from './clients';

const iso = (afterMs = 0): string => new Date(NOW + afterMs).toISOString();

describe('working for the task manager', () => {
  let service: TestService;
  let api: TaskManagerClient;

  const start = async (changes: ServiceChanges = {}): Promise<void> => {
    service = await TestService.start(changes);
    api = taskManagerOf(service);
  };
  beforeEach(() => start());
  afterEach(() => service.close());

  const path = ({ id }: TaskInfo, rest = ''): string => `/api/v1/tasks/${id}${rest}`;
  const codeOf = async (method: string, at: string, body?: unknown): Promise<[number, string]> => {
    const { status, failure } = await api.send(method, at, body);
    return [status, failure.code];
  };

  describe('a claim', () => {
    it('hands out the most urgent task, with a token that nobody else is shown', async () => {
      await api.create({ priority: 'low' });
      const urgent = await api.create({ priority: 'critical' });
      const claimed = await api.claim('worker_001', { lease_seconds: 60 });
      expect(claimed).toMatchObject({
        id: urgent.id,
        status: 'processing',
        worker_id: 'worker_001',
        attempt: 1,
        started_at: iso(),
        lease_token: expect.any(String),
        lease_expires_at: iso(60_000),
      });
      expect(await api.read(urgent.id)).not.toHaveProperty('lease_token');
    });

    it('is answered 204, without a body, when there is nothing', async () => {
      const { status, text, headers } = await api.post('/api/v1/workers/w/claim', {});
      expect([status, text, headers.get('content-length')]).toEqual([204, '', null]);
    });

    it('takes only what it asks for', async () => {
      await api.create({ kb_id: 'kb_1' });
      const { id } = await api.create({ kb_id: 'kb_2', task_type: 'vector_storage' });
      expect((await api.post('/api/v1/workers/w/claim', { task_types: ['health_check'] })).status).toBe(204);
      const claimed = await api.claim('w', { task_types: ['health_check', 'vector_storage'], kb_id: 'kb_2' });
      expect(claimed.id).toBe(id);
    });

    it('waits for work where it says so', async () => {
      const waiting = api.claim('w', { wait: 20 });
      await eventually(() => Promise.resolve(service.core.waiting.count === 1 || null));
      const { id } = await api.create();
      expect((await waiting).id).toBe(id);
    });

    it.each(['%00', 'x'.repeat(101), '%0A'])('is refused for a worker called %.10j', async (name) => {
      const { failure } = await api.post(`/api/v1/workers/${name}/claim`, {});
      expect([failure.code, failure.details.fields?.[0]?.field]).toEqual(['INVALID_REQUEST', 'worker_id']);
    });

    it('needs no body', async () => {
      await api.create();
      expect((await api.post('/api/v1/workers/w/claim')).status).toBe(200);
    });
  });

  describe('progress', () => {
    it('is taken down while the task is processing, a lower value too', async () => {
      await api.create();
      const task = await api.claim();
      const report = { progress: 75, message: 'Processing embeddings...' };
      expect(await api.must('PUT', path(task, '/progress'), report)).toMatchObject({
        ...{ id: task.id, status: 'processing', progress: 75, progress_message: report.message },
      });
      await api.must('PUT', path(task, '/progress'), { progress: 10 });
      expect(await api.read(task.id)).toMatchObject({ progress: 10, progress_message: report.message });
    });

    it('renews the lease', async () => {
      await api.create();
      const task = await api.claim('worker_001', { lease_seconds: 60 });
      service.clock.advance(30_000);
      await api.must('PUT', path(task, '/progress'), { progress: 1, lease_token: task.lease_token });
      const { body } = await api.post<{ tasks: readonly object[] }>('/api/v1/workers/worker_001/heartbeat');
      expect(body.tasks).toEqual([{ id: task.id, attempt: 1, progress: 1, lease_expires_at: iso(90_000) }]);
    });

    it('is refused before and after', async () => {
      const task = await api.create();
      expect(await codeOf('PUT', path(task, '/progress'), { progress: 1 })).toEqual([
        409,
        'TASK_NOT_PROCESSING',
      ]);
      await api.claim();
      await api.must('POST', path(task, '/complete'), {});
      expect(await codeOf('PUT', path(task, '/progress'), { progress: 1 })).toEqual([
        409,
        'TASK_NOT_PROCESSING',
      ]);
    });

    it('is refused to anybody but the holder', async () => {
      const task = await api.create();
      await api.claim('worker_001');
      for (const proof of [{ worker_id: 'worker_002' }, { lease_token: 'forged' }]) {
        expect(await codeOf('PUT', path(task, '/progress'), { progress: 1, ...proof })).toEqual([
          409,
          'LEASE_LOST',
        ]);
      }
    });

    it.each([[{}], [{ progress: 101 }], [{ progress: 1.5 }], [{ progress: 1, colour: 'red' }]])(
      'is refused as %j',
      async (body) => {
        const task = await api.create();
        expect(await codeOf('PUT', path(task, '/progress'), body)).toEqual([400, 'INVALID_REQUEST']);
      },
    );
  });

  it('completes a task with any JSON as its result, whatever that says', async () => {
    for (const result of [{ status: 'failed', error: 'no' }, [1], 'done', null]) {
      const task = await api.create();
      const { lease_token } = await api.claim();
      const done = await api.must('POST', path(task, '/complete'), { result, lease_token });
      expect(done).toMatchObject({ status: 'completed', result, progress: 100, completed_at: iso() });
      expect((await api.post(path(task, '/complete'), { result, lease_token })).status).toBe(200);
    }
  });

  it('puts a failed attempt back by itself, unless trying again cannot help', async () => {
    const task = await api.create();
    await api.claim();
    const failed = await api.must('POST', path(task, '/fail'), { error_message: 'no disk' });
    expect(failed).toMatchObject({
      ...{ status: 'queued', retry_count: 1, error_message: 'no disk', last_retry_at: iso() },
      ...{ queue_position: 0, worker_id: null },
    });
    service.clock.advance(60_000);
    await api.claim();
    const given = { error_message: 'not text', retryable: false };
    expect(await api.must('POST', path(task, '/fail'), given)).toMatchObject({ status: 'failed' });
  });

  it('fails for good where its creator wants no automatic retries', async () => {
    const task = await api.create({ auto_retry: false });
    await api.claim();
    expect(await api.must('POST', path(task, '/fail'), { error_message: 'x' })).toMatchObject({
      status: 'failed',
    });
    const retried = await api.must('POST', path(task, '/retry'));
    expect(retried).toMatchObject({ status: 'queued', retry_count: 1, queue_position: 1 });
  });

  it('gives a task back without counting a retry', async () => {
    const task = await api.create();
    const { lease_token } = await api.claim();
    const given = await api.must('POST', path(task, '/release'), { reason: 'bye', lease_token });
    expect(given).toMatchObject({ status: 'queued', retry_count: 0, queue_position: 1 });
  });

  describe('a retry', () => {
    it('is refused for a task that did not fail, or has no retries left', async () => {
      const task = await api.create({ max_retries: 0 });
      expect(await codeOf('POST', path(task, '/retry'))).toEqual([409, 'TASK_NOT_RETRYABLE']);
      await api.claim();
      await api.must('POST', path(task, '/fail'), { error_message: 'x' });
      const { failure } = await api.post(path(task, '/retry'), {});
      expect([failure.code, failure.details]).toEqual([
        'TASK_NOT_RETRYABLE',
        { task_id: task.id, reason: 'RETRIES_EXHAUSTED', status: 'failed', max_retries: 0 },
      ]);
    });
  });

  describe('a cancellation', () => {
    it('takes queued and processing tasks', async () => {
      const [one, two] = [await api.create({ priority: 'critical' }), await api.create()];
      const { lease_token } = await api.claim();
      for (const task of [one, two]) {
        const { status, body } = await api.send<object>('DELETE', path(task));
        expect([status, body]).toEqual([200, { message: 'Task canceled successfully', task_id: task.id }]);
        expect(await api.read(task.id)).toMatchObject({ status: 'cancelled', cancelled_at: iso() });
      }
      expect(await codeOf('PUT', path(one, '/progress'), { progress: 1, lease_token })).toEqual([
        409,
        'CANCELLED',
      ]);
    });

    it('is refused for tasks that have ended, failed ones too', async () => {
      const done = await api.create();
      await api.claim();
      await api.must('POST', path(done, '/complete'));
      expect(await codeOf('DELETE', path(done))).toEqual([409, 'TASK_NOT_CANCELABLE']);
      const failed = await api.create();
      await api.claim();
      await api.must('POST', path(failed, '/fail'), { error_message: 'x', retryable: false });
      expect(await codeOf('DELETE', path(failed))).toEqual([409, 'TASK_NOT_CANCELABLE']);
      expect(await api.read(failed.id)).toMatchObject({ status: 'failed' });
    });
  });

  describe('a heartbeat', () => {
    interface Heartbeat {
      readonly status: string;
      readonly tasks: readonly { readonly id: string; readonly lease_expires_at: string }[];
    }
    const beat = (worker = 'worker_001'): Promise<Heartbeat> =>
      api.must<Heartbeat>('POST', `/api/v1/workers/${worker}/heartbeat`);

    it('renews all that the worker holds, and shows what is its own no longer', async () => {
      const [one, two, three] = [await api.create(), await api.create(), await api.create()];
      for (let count = 0; count < 3; count += 1) await api.claim('worker_001', { lease_seconds: 60 });
      service.clock.advance(50_000);
      await api.must('DELETE', path(two));
      const { status, tasks: held } = await beat();
      expect(status).toBe('busy');
      expect(held.map(({ id }) => id)).toEqual([one.id, three.id]);
      expect(held.map(({ lease_expires_at: at }) => at)).toEqual([iso(110_000), iso(110_000)]);
    });

    it('makes a worker known that holds nothing', async () => {
      expect(await beat('new')).toEqual({ worker_id: 'new', status: 'idle', tasks: [] });
      const { body } = await api.get<{ idle_workers: number }>('/api/v1/stats/system');
      expect(body.idle_workers).toBe(1);
    });
  });

  it('answers 404 with the id for a task that is not there', async () => {
    const { status, failure } = await api.get('/api/v1/tasks/invalid_id');
    expect([status, failure]).toEqual([
      404,
      {
        error: 'Task not found',
        message: 'There is no task with this id',
        code: 'TASK_NOT_FOUND',
        details: { task_id: 'invalid_id' },
      },
    ]);
  });
});
