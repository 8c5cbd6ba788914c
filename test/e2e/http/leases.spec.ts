import { fieldsIn, type ApiClient } from '../../support/api-client';
import { NOW } from '../../support/builders';
import { uuid } from '../../support/counted-ids';
import { TestService } from './service';

const iso = (afterMs: number): string => new Date(NOW + afterMs).toISOString();

interface Held {
  readonly id: string;
  readonly path: string;
  readonly token: string;
}

describe('holding a task', () => {
  let service: TestService;
  let worker: ApiClient;

  beforeEach(async () => {
    service = await TestService.start();
    worker = service.as('worker');
  });
  afterEach(() => service.close());

  const held = async (): Promise<Held> => {
    await service.as('producer').createTask();
    const { task_id: id, lease_token: token } = await worker.claimTask(
      'work_path=/srv/project&worker_id=worker-1&lease_seconds=60',
    );
    return { id, path: `/api/v1/tasks/${id}`, token };
  };

  it('goes on with a heartbeat for another length of the lease', async () => {
    const { id, path, token } = await held();
    service.clock.advance(50_000);
    const { status, body } = await worker.post(`${path}/heartbeat`, { lease_token: token });
    expect(status).toBe(200);
    expect(body.data).toEqual({
      task_id: id,
      status: 'working',
      lease_expires_at: iso(110_000),
      progress: 0,
      attempt: 1,
    });
  });

  it('takes a heartbeat without a body', async () => {
    const { path } = await held();
    expect((await worker.post(`${path}/heartbeat`)).status).toBe(200);
  });

  it('goes on with a word about the progress, which may fall', async () => {
    const { id, path, token } = await held();
    service.clock.advance(50_000);
    const told = await worker.post(`${path}/progress`, { progress: 40, message: 'half', lease_token: token });
    expect(told.body.data).toMatchObject({ progress: 40, lease_expires_at: iso(110_000) });
    await worker.post(`${path}/progress`, { progress: 30, lease_token: token });
    expect(await worker.readTask(id)).toMatchObject({ progress: 30, progress_message: 'half', version: 2 });
    await worker.post(`${path}/progress`, { progress: 100, message: '', lease_token: token });
    expect(await worker.readTask(id)).toMatchObject({ progress: 100, progress_message: null });
  });

  it('ends with a release: another may claim it, and no retry was counted', async () => {
    const { id, path, token } = await held();
    const { body } = await worker.post(`${path}/release`, { reason: 'going home', lease_token: token });
    expect(body.data).toEqual({
      task_id: id,
      status: 'waiting',
      lease_expires_at: null,
      progress: 0,
      attempt: 1,
    });
    expect(await worker.claimTask()).toMatchObject({ task_id: id, attempt: 2, retry_count: 0 });
    const { body: read } = await worker.get<{ history: object[] }>(`${path}/history`);
    expect(read.data.history).toContainEqual(
      expect.objectContaining({ type: 'task.released', details: { reason: 'going home' } }),
    );
  });

  it('answers the same release again', async () => {
    const { path, token } = await held();
    const first = await worker.post(`${path}/release`, { lease_token: token });
    const again = await worker.post(`${path}/release`, { lease_token: token });
    expect([again.status, again.body.data]).toEqual([200, first.body.data]);
  });

  const WRITES = ['heartbeat', 'progress', 'release'] as const;
  const bodyOf = (verb: string, proof: object): object =>
    verb === 'progress' ? { progress: 1, ...proof } : proof;

  it.each(WRITES)('refuses a %s by who does not hold it, and changes nothing', async (verb) => {
    const { id, path } = await held();
    const before = await worker.readTask(id);
    for (const proof of [{ lease_token: 'stale' }, { worker_id: 'worker-2' }]) {
      const { status, body } = await worker.post(`${path}/${verb}`, bodyOf(verb, proof));
      expect([status, body.error.code, body.error.details]).toEqual([
        409,
        'CONFLICT',
        { code: 'LEASE_LOST', status: 'working' },
      ]);
    }
    expect(await worker.readTask(id)).toEqual(before);
  });

  it.each(WRITES)('tells a worker by its %s that the task was cancelled', async (verb) => {
    const { path, token } = await held();
    await service.as('producer').post(`${path}/cancel`, { force: true });
    const { status, body } = await worker.post(`${path}/${verb}`, bodyOf(verb, { lease_token: token }));
    expect([status, body.error.details]).toEqual([409, { code: 'CANCELLED', status: 'cancelled' }]);
  });

  it.each(WRITES)('answers 404 to a %s of a task that does not exist', async (verb) => {
    for (const id of [uuid(99), 'no-uuid']) {
      expect((await worker.post(`/api/v1/tasks/${id}/${verb}`, bodyOf(verb, {}))).status).toBe(404);
    }
  });

  it.each([
    ['heartbeat', 'progress', { progress: 1 }],
    ['heartbeat', 'lease_token', { lease_token: '' }],
    ['progress', 'progress', {}],
    ['progress', 'progress', { progress: 101 }],
    ['progress', 'progress', { progress: -1 }],
    ['progress', 'progress', { progress: 0.5 }],
    ['progress', 'message', { progress: 1, message: 'x'.repeat(1_001) }],
    ['release', 'reason', { reason: 'x'.repeat(1_001) }],
    ['release', 'worker_id', { worker_id: '' }],
  ])('refuses %s with a wrong %s', async (verb, field, body) => {
    const { path } = await held();
    const answer = await worker.post(`${path}/${verb}`, body);
    expect([answer.status, fieldsIn(answer)]).toEqual([400, [field]]);
  });

  it('asks for the token where the operator wants it', async () => {
    const strict = await TestService.start({ policy: { requireLeaseToken: true } });
    const admin = strict.as('admin');
    await admin.createTask();
    const { task_id: id } = await admin.claimTask();
    for (const verb of WRITES) {
      const answer = await admin.post(`/api/v1/tasks/${id}/${verb}`, bodyOf(verb, { worker_id: 'worker-1' }));
      expect([answer.status, fieldsIn(answer)]).toEqual([400, ['lease_token']]);
    }
    await strict.close();
  });

  it('is never limited', async () => {
    const limited = await TestService.start({
      settings: { rateLimit: { requestsPerMinute: 2, burstSize: 0 } },
    });
    const admin = limited.as('admin');
    await admin.createTask();
    const { task_id: id, lease_token: token } = await admin.claimTask();
    const path = `/api/v1/tasks/${id}`;
    expect((await admin.get('/api/v1/tasks')).status).toBe(429);
    for (const verb of ['heartbeat', 'progress', 'heartbeat', 'release']) {
      const { status } = await admin.post(`${path}/${verb}`, bodyOf(verb, { lease_token: token }));
      expect([verb, status]).toEqual([verb, 200]);
    }
    await limited.close();
  });
});
