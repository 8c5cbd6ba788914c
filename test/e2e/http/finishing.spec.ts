import type { ApiClient } from '../../support/api-client';
import { NOW } from '../../support/builders';
import { TestService } from './service';

const ENDED = new Date(NOW + 5_000).toISOString();

describe('ending a task', () => {
  let service: TestService;
  let admin: ApiClient;

  beforeEach(async () => {
    service = await TestService.start();
    admin = service.as('admin');
  });
  afterEach(() => service.close());

  const claimed = async (changes: object = {}): Promise<{ id: string; path: string; token: string }> => {
    await admin.createTask({ ...changes });
    const { task_id: id, lease_token: token } = await admin.claimTask();
    service.clock.advance(5_000);
    return { id, path: `/api/v1/tasks/${id}`, token };
  };

  describe('POST /complete', () => {
    it('answers as the document shows, and keeps the result', async () => {
      const { id, path } = await claimed();
      const result = { status: 'success', output: 'done', recommendations: ['a', 'b'] };
      const { status, body } = await admin.post(`${path}/complete`, {
        original_prompt: 'Write the release notes!',
        result,
      });
      expect(status).toBe(200);
      expect(body.data).toEqual({
        task_id: id,
        status: 'completed',
        completed_at: ENDED,
        worker_id: 'worker-1',
      });
      expect(await admin.readTask(id)).toMatchObject({
        status: 'completed',
        result,
        progress: 100,
        error_message: null,
      });
    });

    it('needs no body', async () => {
      const { path } = await claimed();
      expect((await admin.post(`${path}/complete`)).body.data.status).toBe('completed');
    });

    it('answers the same completion again with what was recorded', async () => {
      const { path, token } = await claimed();
      const body = { result: { a: 1 }, lease_token: token };
      const first = await admin.post(`${path}/complete`, body);
      service.clock.advance(60_000);
      expect((await admin.post(`${path}/complete`, body)).body.data).toEqual(first.body.data);
    });

    it('makes the task failed when its result says so', async () => {
      const { id, path } = await claimed();
      const result = { status: 'failed', error: 'no disk left' };
      expect((await admin.post(`${path}/complete`, { result })).body.data.status).toBe('failed');
      expect(await admin.readTask(id)).toMatchObject({
        status: 'failed',
        error_message: 'no disk left',
        result,
      });
    });

    it('makes the task failed when it is told to', async () => {
      const { path } = await claimed();
      expect((await admin.post(`${path}/complete`, { status: 'failed' })).body.data.status).toBe('failed');
    });

    it('answers 422 to another prompt with both figures, and leaves the task in work', async () => {
      const { id, path } = await claimed();
      const { status, body } = await admin.post(`${path}/complete`, {
        original_prompt: 'something else entirely',
      });
      expect([status, body.error.code]).toEqual([422, 'UNPROCESSABLE_ENTITY']);
      expect(body.error.details).toEqual({ similarity: expect.any(Number), required: 0.8 });
      expect(await admin.readTask(id)).toMatchObject({ status: 'working' });
    });

    it.each([
      ['another token', { lease_token: 'not-this-one' }],
      ['another worker', { worker_id: 'worker-2' }],
    ])('answers 409 LEASE_LOST to %s, and changes nothing', async (_who, proof) => {
      const { id, path } = await claimed();
      const { status, body } = await admin.post(`${path}/complete`, proof);
      expect([status, body.error.code, body.error.details]).toEqual([
        409,
        'CONFLICT',
        { code: 'LEASE_LOST', status: 'working' },
      ]);
      expect(await admin.readTask(id)).toMatchObject({ status: 'working', version: 2 });
    });

    it('answers 409 NOT_WORKING for a task that nobody claimed', async () => {
      const { task_id: id } = await admin.createTask();
      const { status, body } = await admin.post(`/api/v1/tasks/${id}/complete`, {});
      expect([status, body.error.details]).toEqual([409, { code: 'NOT_WORKING', status: 'waiting' }]);
    });

    it('answers 409 ALREADY_FINAL for a task that was completed', async () => {
      const { path } = await claimed();
      await admin.post(`${path}/complete`, {});
      const { status, body } = await admin.post(`${path}/complete`, {});
      expect([status, body.error.details]).toEqual([409, { code: 'ALREADY_FINAL', status: 'completed' }]);
    });

    it('tells a worker that its task was cancelled', async () => {
      const { path, token } = await claimed();
      await admin.post(`${path}/cancel`, { force: true });
      const { status, body } = await admin.post(`${path}/complete`, { lease_token: token });
      expect([status, body.error.details]).toEqual([409, { code: 'CANCELLED', status: 'cancelled' }]);
    });

    it('asks for the token where the operator insists on it', async () => {
      const strict = await TestService.start({ policy: { requireLeaseToken: true } });
      const worker = strict.as('admin');
      await worker.createTask();
      const { task_id: id, lease_token: token } = await worker.claimTask();
      const { status, body } = await worker.post(`/api/v1/tasks/${id}/complete`, {});
      expect([status, body.error.details]).toMatchObject([
        400,
        [{ field: 'lease_token', reason: 'is required' }],
      ]);
      expect((await worker.post(`/api/v1/tasks/${id}/complete`, { lease_token: token })).status).toBe(200);
      await strict.close();
    });
  });

  describe('POST /fail', () => {
    it('makes the task failed and says so', async () => {
      const { id, path, token } = await claimed();
      const { status, body } = await admin.post(`${path}/fail`, {
        error_message: 'out of memory',
        result: { exit_code: 137 },
        lease_token: token,
        worker_id: 'worker-1',
      });
      expect(status).toBe(200);
      expect(body.data).toEqual({
        task_id: id,
        status: 'failed',
        completed_at: ENDED,
        worker_id: 'worker-1',
        error_message: 'out of memory',
        retry_count: 0,
        max_retries: 3,
        schedule_for: null,
      });
      expect(await admin.readTask(id)).toMatchObject({
        error_message: 'out of memory',
        result: { exit_code: 137 },
      });
    });

    it('sends a task that retries itself back to the queue, with the time from which it is due', async () => {
      const { id, path } = await claimed({ auto_retry: true });
      const { body } = await admin.post(`${path}/fail`, { error_message: 'try again' });
      expect(body.data).toMatchObject({ status: 'waiting', completed_at: null, retry_count: 1 });
      expect(Date.parse(String(body.data.schedule_for))).toBeGreaterThan(NOW + 5_000);
      expect(await admin.readTask(id)).toMatchObject({
        status: 'waiting',
        worker_id: null,
        lease_expires_at: null,
      });
    });

    it('ends automatic retries when trying again cannot help', async () => {
      const { path } = await claimed({ auto_retry: true });
      const { body } = await admin.post(`${path}/fail`, { error_message: 'never', retryable: false });
      expect(body.data).toMatchObject({ status: 'failed', retry_count: 0 });
    });
  });
});
