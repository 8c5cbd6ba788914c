import { request } from 'node:http';
import { fieldsIn, type ApiAnswer, type ApiClient, type ApiTask } from '../../support/api-client';
import { uuid } from '../../support/counted-ids';
import { eventually } from '../../support/eventually';
import { TestService } from './service';

const TASKS = '/api/v1/tasks';
const NEXT = `${TASKS}/next?work_path=/srv/project`;
const NEW = { work_directory: '/srv/project', prompt: 'write the release notes' };

const keyed = (key: string): Record<string, string> => ({ 'Idempotency-Key': key });
const isReplay = ({ headers }: ApiAnswer<unknown>): boolean => headers.get('idempotency-replayed') === 'true';

describe('a request with an Idempotency-Key', () => {
  let service: TestService;
  let admin: ApiClient;

  beforeEach(async () => {
    service = await TestService.start();
    admin = service.as('admin');
  });
  afterEach(() => service.close());

  const create = (key: string, body: unknown = NEW, client = admin): Promise<ApiAnswer<ApiTask>> =>
    client.post(TASKS, body, keyed(key));
  const stored = async (): Promise<number> => {
    const { body } = await admin.get<{ pagination: { total: number } }>(`${TASKS}?limit=1`);
    return body.data.pagination.total;
  };

  it('is done once, and answered the same again', async () => {
    const first = await create('one');
    const again = await create('one');
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.body.data).toEqual(first.body.data);
    expect([first, again].map(isReplay)).toEqual([false, true]);
    expect(await stored()).toBe(1);
  });

  it.each(['a', '~', ' between blanks ', 'ü'.repeat(255), 'k'.repeat(255)])(
    'takes the key %.20j',
    async (key) => {
      expect((await create(key)).status).toBe(201);
      expect(isReplay(await create(key))).toBe(true);
    },
  );

  it.each(['', 'k'.repeat(256), 'a\tb', 'a\u0085b'])(
    'refuses the key %.20j, and names the header',
    async (key) => {
      const answer = await create(key);
      expect([answer.status, answer.body.error.code]).toEqual([400, 'VALIDATION_ERROR']);
      expect(fieldsIn(answer)).toEqual(['Idempotency-Key']);
      expect(await stored()).toBe(0);
    },
  );

  it.each([
    ['another body', TASKS, { ...NEW, prompt: 'something else' }],
    ['another spelling of the body', TASKS, { prompt: NEW.prompt, work_directory: NEW.work_directory }],
    ['another path', `${TASKS}/${uuid(1)}/cancel`, {}],
  ])('answers 422 to %s under the same key, and does nothing', async (_what, path, body) => {
    await create('one');
    const { status, body: answer } = await admin.post(path, body, keyed('one'));
    expect([status, answer.error.code, answer.error.details]).toEqual([
      422,
      'UNPROCESSABLE_ENTITY',
      { code: 'IDEMPOTENCY_KEY_REUSED' },
    ]);
    expect(await stored()).toBe(1);
  });

  it('answers 422 to another query under the same key, and claims nothing', async () => {
    await admin.createTask();
    await admin.createTask();
    expect((await admin.get(NEXT, keyed('claim'))).status).toBe(200);
    const { status, body } = await admin.get(`${NEXT}&recursive=true`, keyed('claim'));
    expect([status, body.error.details]).toEqual([422, { code: 'IDEMPOTENCY_KEY_REUSED' }]);
    const { body: left } = await admin.get<{ pagination: { total: number } }>(`${TASKS}?status=waiting`);
    expect(left.data.pagination.total).toBe(1);
  });

  it('is told apart from that of another caller', async () => {
    const mine = await create('one', NEW, service.as('producer'));
    const other = await create('one', NEW, service.as('admin'));
    expect(other.body.data.task_id).not.toBe(mine.body.data.task_id);
  });

  it('keeps refusals of the queue, and forgets those of the request', async () => {
    const { task_id: id } = await admin.createTask();
    const retry = (): Promise<ApiAnswer<ApiTask>> =>
      admin.post(`${TASKS}/${id}/retry`, undefined, keyed('retry'));
    expect((await retry()).body.error.details).toEqual({ code: 'NOT_FAILED', status: 'waiting' });
    await admin.claimTask();
    await admin.post(`${TASKS}/${id}/fail`, { error_message: 'broken' });
    const again = await retry();
    expect([again.status, isReplay(again)]).toEqual([409, true]);
    expect((await create('bad', {})).status).toBe(400);
    expect((await create('bad')).status).toBe(201);
  });

  it('makes a claim safe to repeat while its lease lives', async () => {
    await admin.createTask();
    await admin.createTask();
    const claim = (): Promise<ApiAnswer<ApiTask>> => admin.get(NEXT, keyed('claim'));
    const first = await claim();
    const again = await claim();
    expect(again.body.data).toEqual(first.body.data);
    expect([first, again].map(isReplay)).toEqual([false, true]);
    await admin.post(`${TASKS}/${first.body.data.task_id}/complete`);
    const anew = await claim();
    expect([isReplay(anew), anew.body.data.task_id === first.body.data.task_id]).toEqual([false, false]);
  });

  it('does not keep that there was nothing to claim', async () => {
    expect((await admin.get(NEXT, keyed('claim'))).body.data).toBeNull();
    const { task_id: id } = await admin.createTask();
    expect((await admin.get(NEXT, keyed('claim'))).body.data.task_id).toBe(id);
  });

  it('answers 409 with Retry-After while the first is still waiting, and its outcome after that', async () => {
    const waiting = admin.get(`${NEXT}&wait=20`, keyed('claim'));
    await eventually(() => Promise.resolve(service.core.waiting.count === 1 ? true : null));
    const meanwhile = await admin.get(`${NEXT}&wait=20`, keyed('claim'));
    expect([meanwhile.status, meanwhile.body.error.code, meanwhile.body.error.details]).toEqual([
      409,
      'CONFLICT',
      { code: 'IDEMPOTENCY_KEY_IN_USE' },
    ]);
    expect(meanwhile.headers.get('retry-after')).toBe('1');
    const { task_id: id } = await admin.createTask();
    expect((await waiting).body.data.task_id).toBe(id);
    const later = await admin.get(`${NEXT}&wait=20`, keyed('claim'));
    expect([later.status, isReplay(later), later.body.data]).toEqual([200, true, (await waiting).body.data]);
  });

  it('lets go of the key of a caller who has hung up', async () => {
    const caller = new AbortController();
    const lost = admin.send('GET', `${NEXT}&wait=20`, { headers: keyed('claim'), signal: caller.signal });
    await eventually(() => Promise.resolve(service.core.waiting.count === 1 ? true : null));
    caller.abort();
    await expect(lost).rejects.toThrow();
    const { task_id: id } = await admin.createTask();
    const healed = await eventually(async () => {
      const answer = await admin.get(`${NEXT}&wait=20`, keyed('claim'));
      return answer.status === 409 ? null : answer;
    });
    expect(healed.body.data.task_id).toBe(id);
  });

  it('repeats no part of a batch of completions', async () => {
    const ids = [await admin.createTask(), await admin.createTask()].map(({ task_id: id }) => id);
    const { body } = await admin.post<{ tasks: ApiTask[] }>(`${TASKS}/claim`, { limit: 2 });
    const completions = body.data.tasks.map(({ task_id, lease_token }) => ({ task_id, lease_token }));
    const finish = (): Promise<ApiAnswer<ApiTask>> =>
      admin.post(`${TASKS}/complete`, { completions }, keyed('batch'));
    const first = await finish();
    const again = await finish();
    expect(again.body.data).toEqual(first.body.data);
    expect([first, again].map(isReplay)).toEqual([false, true]);
    for (const id of ids) {
      const { body: read } = await admin.get<{ history: unknown[] }>(`${TASKS}/${id}/history`);
      expect(read.data.history).toHaveLength(3);
    }
  });

  it('is refused when it names two keys', async () => {
    const headers = { Authorization: 'Bearer admin', 'Idempotency-Key': ['a', 'b'] };
    const status = await new Promise((resolve, reject) => {
      request(service.baseUrl + NEXT, { headers }, (response) => resolve(response.statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(400);
  });
});
