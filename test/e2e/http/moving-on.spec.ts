import { fieldsIn, type ApiClient } from '../../support/api-client';
import { NOW } from '../../support/builders';
import { uuid } from '../../support/counted-ids';
import { TestService } from './service';

const AT = new Date(NOW).toISOString();

describe('cancelling and retrying', () => {
  let service: TestService;
  let admin: ApiClient;

  beforeEach(async () => {
    service = await TestService.start();
    admin = service.as('admin');
  });
  afterEach(() => service.close());

  const failedTask = async (changes: object = {}): Promise<string> => {
    await admin.createTask({ ...changes });
    const { task_id: id } = await admin.claimTask();
    await admin.post(`/api/v1/tasks/${id}/fail`, { error_message: 'broken' });
    return id;
  };

  describe('POST /cancel', () => {
    it('cancels a waiting task, with a reason', async () => {
      const { task_id: id } = await admin.createTask();
      const { status, body } = await admin.post(`/api/v1/tasks/${id}/cancel`, { reason: '用户主动取消' });
      expect(status).toBe(200);
      expect(body.data).toEqual({
        task_id: id,
        status: 'cancelled',
        cancelled_at: AT,
        reason: '用户主动取消',
      });
      expect(await admin.readTask(id)).toMatchObject({ cancelled_at: AT, cancel_reason: '用户主动取消' });
    });

    it('needs no body, also when a client announces one', async () => {
      const { task_id: id } = await admin.createTask();
      const { body } = await admin.post(`/api/v1/tasks/${id}/cancel`, undefined, {
        'Content-Type': 'application/json',
      });
      expect(body.data).toMatchObject({ status: 'cancelled', reason: null });
    });

    it('answers 409 for a task in work unless it is forced', async () => {
      await admin.createTask();
      const { task_id: id } = await admin.claimTask();
      const { status, body } = await admin.post(`/api/v1/tasks/${id}/cancel`, {});
      expect([status, body.error.code, body.error.details]).toEqual([
        409,
        'CONFLICT',
        { code: 'NOT_WAITING', status: 'working' },
      ]);
      expect((await admin.post(`/api/v1/tasks/${id}/cancel`, { force: true })).body.data.status).toBe(
        'cancelled',
      );
    });

    it('answers 409 ALREADY_FINAL for a cancelled one, forced or not', async () => {
      const { task_id: id } = await admin.createTask();
      await admin.post(`/api/v1/tasks/${id}/cancel`);
      for (const force of [false, true]) {
        const { status, body } = await admin.post(`/api/v1/tasks/${id}/cancel`, { force });
        expect([status, body.error.details]).toEqual([409, { code: 'ALREADY_FINAL', status: 'cancelled' }]);
      }
    });

    it.each([
      ['reason', { reason: 'x'.repeat(1_001) }],
      ['reason', { reason: null }],
      ['force', { force: 'true' }],
      ['why', { why: 'x' }],
    ])('refuses a wrong %s', async (field, body) => {
      const { task_id: id } = await admin.createTask();
      const answer = await admin.post(`/api/v1/tasks/${id}/cancel`, body);
      expect([answer.status, fieldsIn(answer)]).toEqual([400, [field]]);
      expect(await admin.readTask(id)).toMatchObject({ status: 'waiting' });
    });

    it('takes a reason of 1 000 characters', async () => {
      const { task_id: id } = await admin.createTask();
      expect((await admin.post(`/api/v1/tasks/${id}/cancel`, { reason: '因'.repeat(1_000) })).status).toBe(
        200,
      );
    });
  });

  describe('POST /retry', () => {
    it('puts a failed task back, without a body', async () => {
      const id = await failedTask();
      const { status, body } = await admin.post(`/api/v1/tasks/${id}/retry`);
      expect(status).toBe(200);
      expect(body.data).toEqual({
        task_id: id,
        status: 'waiting',
        retry_count: 1,
        max_retries: 3,
        last_retry_at: AT,
      });
      expect((await admin.claimTask()).attempt).toBe(2);
    });

    it('answers 409 RETRIES_EXHAUSTED when none is left, with the limit', async () => {
      const id = await failedTask({ max_retries: 0 });
      const { status, body } = await admin.post(`/api/v1/tasks/${id}/retry`);
      expect([status, body.error.details]).toEqual([
        409,
        { code: 'RETRIES_EXHAUSTED', status: 'failed', max_retries: 0 },
      ]);
    });

    it('answers 409 NOT_FAILED for a task that waits', async () => {
      const { task_id: id } = await admin.createTask();
      const { status, body } = await admin.post(`/api/v1/tasks/${id}/retry`);
      expect([status, body.error.details]).toEqual([409, { code: 'NOT_FAILED', status: 'waiting' }]);
    });

    it('takes an empty object, and no field', async () => {
      const id = await failedTask();
      const refused = await admin.post(`/api/v1/tasks/${id}/retry`, { force: true });
      expect([refused.status, fieldsIn(refused)]).toEqual([400, ['force']]);
      expect((await admin.post(`/api/v1/tasks/${id}/retry`, {})).status).toBe(200);
    });
  });

  it.each(['complete', 'cancel', 'retry'])(
    'answers 404 to %s of a task that does not exist',
    async (verb) => {
      for (const id of [uuid(99), 'no-uuid', '%00', uuid(99).toUpperCase()]) {
        const { status, body } = await admin.post(`/api/v1/tasks/${id}/${verb}`, {});
        expect([status, body.error.code]).toEqual([404, 'NOT_FOUND']);
      }
    },
  );
});
