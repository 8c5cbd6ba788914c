import { StoreUnavailable } from '@task/application';
import type { Task } from '@task/domain';
import { InMemoryTaskStore } from '@task/infrastructure';
import {
  fieldsIn,
  violationsIn,
  type ApiAnswer,
  type ApiClient,
  type ApiTask,
} from '../../support/api-client';
import { uuid } from '../../support/counted-ids';
import { FixedClock } from '../../support/fixed-clock';
import { TestService } from './service';

const NEW = { work_directory: '/srv/project', prompt: 'write the release notes' };
const MEBI = 1024 * 1024;

interface Batch {
  readonly tasks: readonly (ApiTask & { lease_token: string })[];
  readonly count: number;
}
interface Results {
  readonly results: readonly {
    readonly task_id: string;
    readonly ok: boolean;
    readonly status?: string;
    readonly error?: { readonly code: string; readonly message: string; readonly details: unknown };
  }[];
}

describe('many tasks in one request', () => {
  let service: TestService;
  let admin: ApiClient;

  beforeEach(async () => {
    service = await TestService.start();
    admin = service.as('admin');
  });
  afterEach(() => service.close());

  const create = (tasks: unknown): Promise<ApiAnswer<Batch>> => admin.post('/api/v1/tasks/batch', { tasks });
  const claim = (body: object = {}): Promise<ApiAnswer<Batch>> => admin.post('/api/v1/tasks/claim', body);
  const finish = (completions: unknown, headers = {}): Promise<ApiAnswer<Results>> =>
    admin.post('/api/v1/tasks/complete', { completions }, headers);
  const stored = async (): Promise<number> => {
    const { body } = await admin.get<{ pagination: { total: number } }>('/api/v1/tasks?limit=1');
    return body.data.pagination.total;
  };

  describe('POST /tasks/batch', () => {
    it('files them in their order', async () => {
      const { status, body } = await create([{ ...NEW, priority: 'low' }, NEW, { ...NEW, tags: ['x'] }]);
      expect(status).toBe(201);
      expect(body.data.count).toBe(3);
      expect(body.data.tasks).toMatchObject([{ priority: 'low' }, { priority: 'medium' }, { tags: ['x'] }]);
      const claimed = await claim({ limit: 3 });
      const [low, ...others] = body.data.tasks.map(({ task_id: id }) => id);
      expect(claimed.body.data.tasks.map(({ task_id: id }) => id)).toEqual([...others, low]);
    });

    it('takes a thousand', async () => {
      const { status, body } = await create(Array.from({ length: 1_000 }, () => NEW));
      expect([status, body.data.count, await stored()]).toEqual([201, 1_000, 1_000]);
    });

    it('names everything that is wrong with any of them, and files none', async () => {
      const answer = await create([
        NEW,
        { ...NEW, colour: 'red' },
        {},
        'text',
        { ...NEW, priority: 'urgent', tags: ['fine', ''] },
        null,
        [NEW],
      ]);
      expect([answer.status, answer.body.error.code]).toEqual([400, 'VALIDATION_ERROR']);
      expect(fieldsIn(answer)).toEqual([
        'tasks[1].colour',
        'tasks[2].work_directory',
        'tasks[2].prompt',
        'tasks[3]',
        'tasks[4].priority',
        'tasks[4].tags[1]',
        'tasks[5]',
        'tasks[6]',
      ]);
      expect(await stored()).toBe(0);
    });

    it('names what is wrong with each of a thousand', async () => {
      const answer = await create(Array.from({ length: 1_000 }, () => ({ ...NEW, prompt: '' })));
      expect(fieldsIn(answer)).toHaveLength(1_000);
      expect(fieldsIn(answer).at(-1)).toBe('tasks[999].prompt');
    });

    it('answers items of nothing but unknown fields with a bounded list', async () => {
      const item = Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`f${index}`, 1]));
      const answer = await create(Array.from({ length: 1_000 }, () => item));
      expect(answer.status).toBe(400);
      expect(violationsIn(answer)).toHaveLength(10_000);
    });

    it.each([
      ['nothing', undefined],
      ['null', null],
      ['no list', { 0: NEW }],
      ['an empty list', []],
      ['more than a thousand', Array.from({ length: 1_001 }, () => NEW)],
    ])('refuses %s', async (_what, tasks) => {
      const answer = await create(tasks);
      expect([answer.status, fieldsIn(answer)]).toEqual([400, ['tasks']]);
    });

    it('tells which prompt says nothing, and files none', async () => {
      const { status, body } = await create([NEW, { ...NEW, prompt: '...' }]);
      expect([status, body.error.code, body.error.details]).toEqual([
        422,
        'UNPROCESSABLE_ENTITY',
        { index: 1 },
      ]);
      expect(await stored()).toBe(0);
    });

    it('tells the place in a batch of one too, and none outside of batches', async () => {
      const wrong = { ...NEW, prompt: '...' };
      const send = (key: string, tasks: unknown): Promise<ApiAnswer<Batch>> =>
        admin.post('/api/v1/tasks/batch', { tasks }, { 'Idempotency-Key': key });
      for (let time = 1; time <= 2; time += 1) {
        expect((await send('one', [wrong])).body.error.details).toEqual({ index: 0 });
        const single = await admin.post('/api/v1/tasks', wrong, { 'Idempotency-Key': 'single' });
        expect([single.status, single.body.error.details]).toEqual([422, {}]);
      }
    });

    it('files none when the queue has not room for all', async () => {
      const small = await TestService.start({ policy: { maxWaiting: 2 } });
      const post = (tasks: unknown): Promise<ApiAnswer<Batch>> =>
        small.as('admin').post('/api/v1/tasks/batch', { tasks });
      const { status, body } = await post([NEW, NEW, NEW]);
      expect([status, body.error.code]).toEqual([503, 'QUEUE_FULL']);
      expect((await post([NEW, NEW])).status).toBe(201);
      await small.close();
    });

    it('takes bodies up to 16 MiB, where others take 2', async () => {
      const body = JSON.stringify({ tasks: [NEW] });
      const padded = (bytes: number): string => body + ' '.repeat(bytes - body.length);
      const send = (path: string, raw: string): Promise<ApiAnswer<unknown>> =>
        admin.send('POST', path, { raw });
      expect((await send('/api/v1/tasks/batch', padded(16 * MEBI))).status).toBe(201);
      const refused = await send('/API/v1/tasks/batch/', padded(16 * MEBI + 1));
      expect([refused.status, refused.body.error.details]).toEqual([413, { max_bytes: 16 * MEBI }]);
      for (const path of ['/api/v1/tasks', '/api/v1/tasks/claim', '/api/v1/tasks/x/complete'])
        expect((await send(path, padded(2 * MEBI + 1))).status).toBe(413);
    });
  });

  describe('POST /tasks/claim', () => {
    it('hands out as many as asked for, the most urgent first, each with a lease of its own', async () => {
      await create([{ ...NEW, priority: 'low' }, NEW, { ...NEW, priority: 'high' }]);
      const { status, body } = await claim({ limit: 2, worker_id: 'worker-1', lease_seconds: 60 });
      expect(status).toBe(200);
      expect(body.data.tasks).toMatchObject([
        { priority: 'high', worker_id: 'worker-1', attempt: 1 },
        { priority: 'medium', worker_id: 'worker-1', attempt: 1 },
      ]);
      expect(new Set(body.data.tasks.map(({ lease_token: token }) => token)).size).toBe(2);
    });

    it('hands out one unless told otherwise, without a body too', async () => {
      await create([NEW, NEW]);
      expect((await admin.post<Batch>('/api/v1/tasks/claim')).body.data.tasks).toHaveLength(1);
    });

    it('answers an empty list when there is nothing', async () => {
      expect((await claim({ limit: 100 })).body).toMatchObject({ success: true, data: { tasks: [] } });
    });

    it('takes only what its filters let through', async () => {
      await create([
        { ...NEW, task_type: 'a' },
        { ...NEW, task_type: 'b', kb_id: 'kb-1' },
        { ...NEW, work_directory: '/srv/project/below', task_type: 'c' },
      ]);
      const typesOf = async (body: object): Promise<unknown[]> =>
        (await claim({ limit: 100, ...body })).body.data.tasks.map(({ task_type: type }) => type);
      expect(await typesOf({ task_types: ['x', 'y'] })).toEqual([]);
      expect(await typesOf({ kb_id: 'kb-1' })).toEqual(['b']);
      expect(await typesOf({ task_types: ['a', 'c'], work_path: '/srv//project' })).toEqual(['a']);
      expect(await typesOf({ work_path: '/srv/project', recursive: true })).toEqual(['c']);
    });

    it.each([
      ['limit', { limit: 0 }],
      ['limit', { limit: 101 }],
      ['task_types', { task_types: [] }],
      ['task_types', { task_types: Array.from({ length: 33 }, (_, index) => `t${index}`) }],
      ['task_types[1]', { task_types: ['a', 'B'] }],
      ['work_path', { work_path: 'srv' }],
      ['kb_id', { kb_id: '' }],
      ['wait', { wait: 26 }],
      ['lease_seconds', { lease_seconds: 9 }],
      ['path', { path: '/srv' }],
    ])('refuses a wrong %s', async (field, body) => {
      const answer = await claim(body);
      expect([answer.status, fieldsIn(answer)]).toEqual([400, [field]]);
    });
  });

  describe('POST /tasks/complete', () => {
    it('ends each for itself', async () => {
      await create([NEW, NEW, NEW]);
      const [one, two, three] = (await claim({ limit: 3 })).body.data.tasks;
      const { status, body } = await finish([
        { task_id: one?.task_id, lease_token: one?.lease_token, result: { a: 1 } },
        { task_id: two?.task_id, lease_token: two?.lease_token, error_message: 'broken' },
        { task_id: three?.task_id, lease_token: 'stale' },
        { task_id: uuid(99), lease_token: 'x' },
        { task_id: 'no-uuid', lease_token: 'x' },
      ]);
      expect(status).toBe(200);
      expect(body.data.results).toEqual([
        { task_id: one?.task_id, ok: true, status: 'completed' },
        { task_id: two?.task_id, ok: true, status: 'failed' },
        {
          task_id: three?.task_id,
          ok: false,
          error: {
            code: 'CONFLICT',
            message: expect.any(String),
            details: { code: 'LEASE_LOST', status: 'working' },
          },
        },
        { task_id: uuid(99), ok: false, error: expect.objectContaining({ code: 'NOT_FOUND' }) },
        { task_id: 'no-uuid', ok: false, error: expect.objectContaining({ code: 'NOT_FOUND' }) },
      ]);
      expect(await admin.readTask(one?.task_id ?? '')).toMatchObject({ result: { a: 1 } });
      expect(await admin.readTask(two?.task_id ?? '')).toMatchObject({ error_message: 'broken' });
    });

    it('words refusals in the language of the caller', async () => {
      const { body } = await finish([{ task_id: uuid(1), lease_token: 'x' }], { 'Accept-Language': 'zh' });
      expect(body.data.results[0]?.error?.message).toBe('任务不存在');
    });

    it.each([
      ['completions', []],
      ['completions', Array.from({ length: 101 }, () => ({ task_id: 'a', lease_token: 'b' }))],
      ['completions[0].task_id', [{ lease_token: 'b' }]],
      ['completions[0].lease_token', [{ task_id: 'a' }]],
      ['completions[0].error_message', [{ task_id: 'a', lease_token: 'b', error_message: '' }]],
      ['completions[0].result', [{ task_id: 'a', lease_token: 'b', result: 'text' }]],
      [
        'completions[1].status',
        [
          { task_id: 'a', lease_token: 'b' },
          { task_id: 'a', lease_token: 'b', status: 'x' },
        ],
      ],
    ])('refuses a wrong %s as a whole', async (field, completions) => {
      const answer = await finish(completions);
      expect([answer.status, fieldsIn(answer)]).toEqual([400, [field]]);
    });

    it('is not limited while it ends tasks, and is while it only pretends', async () => {
      const limited = await TestService.start({
        settings: { rateLimit: { requestsPerMinute: 4, burstSize: 0 } },
      });
      const post = (completions: unknown): Promise<ApiAnswer<Results>> =>
        limited.as('admin').post('/api/v1/tasks/complete', { completions });
      await limited.as('admin').post('/api/v1/tasks/batch', { tasks: [NEW] });
      const { body } = await limited.as('admin').post<Batch>('/api/v1/tasks/claim');
      await limited.as('admin').get('/api/v1/tasks');
      await limited.as('admin').get('/api/v1/tasks');
      expect((await limited.as('admin').get('/api/v1/tasks')).status).toBe(429);
      const done = body.data.tasks.map(({ task_id, lease_token }) => ({ task_id, lease_token }));
      expect((await post(done)).body.data.results).toMatchObject([{ ok: true }]);
      const pretended = Array.from({ length: 100 }, () => ({ task_id: uuid(1), lease_token: 'x' }));
      expect((await post(pretended)).status).toBe(200);
      expect((await post(pretended)).status).toBe(429);
      await limited.close();
    });

    it('is not answered well when the store answered nothing', async () => {
      const away = await TestService.start({ tasks: new AbsentStore(new FixedClock()) });
      const completions = [1, 2].map((number) => ({ task_id: uuid(number), lease_token: 'x' }));
      const { status, headers, body } = await away
        .as('admin')
        .post('/api/v1/tasks/complete', { completions });
      expect([status, body.error.code]).toEqual([502, 'BAD_GATEWAY']);
      expect(headers.get('retry-after')).toBe('5');
      await away.close();
    });
  });

  it.each(['batch', 'claim', 'complete', 'bulk-cancel', 'bulk-retry'])(
    'answers 405 to GET /tasks/%s, which is no task',
    async (name) => {
      const { status, headers } = await admin.get(`/api/v1/tasks/${name}`);
      expect([status, headers.get('allow')]).toEqual([405, 'POST']);
    },
  );
});

class AbsentStore extends InMemoryTaskStore {
  override update(): Promise<Task> {
    return Promise.reject(new StoreUnavailable('unreachable'));
  }
}
