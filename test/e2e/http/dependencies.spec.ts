import {
  fieldsIn,
  violationsIn,
  type ApiAnswer,
  type ApiClient,
  type ApiTask,
} from '../../support/api-client';
import { uuid } from '../../support/counted-ids';
import { eventually } from '../../support/eventually';
import { TestService } from './service';

const NEW = { work_directory: '/srv/project', prompt: 'write the release notes' };
const KIBI = 1024;

interface HandedOn {
  readonly task_id: string;
  readonly status: string;
  readonly result: unknown;
  readonly cut?: { readonly bytes: number; readonly path: string };
}
type Claimed = ApiTask & { readonly lease_token: string; readonly dependencies: readonly HandedOn[] };
interface Batch<Of = ApiTask> {
  readonly tasks: readonly Of[];
}
interface BothWays {
  readonly on_dependency_failure: string | null;
  readonly pending: number;
  readonly depends_on: readonly object[];
  readonly dependents: readonly { readonly task_id: string }[];
  readonly pagination: { readonly has_more: boolean; readonly next_cursor: string | null };
}

describe('tasks that wait for others', () => {
  let service: TestService;
  let admin: ApiClient;

  beforeEach(async () => {
    service = await TestService.start();
    admin = service.as('admin');
  });
  afterEach(() => service.close());

  const behind = (ids: readonly string[], more: object = {}): Promise<ApiTask> =>
    admin.createTask({ depends_on: ids, ...more });
  const batch = async (tasks: readonly object[]): Promise<string[]> => {
    const body = { tasks: tasks.map((task) => ({ ...NEW, ...task })) };
    const { status, body: answer } = await admin.post<Batch>('/api/v1/tasks/batch', body);
    expect(status).toBe(201);
    return answer.data.tasks.map(({ task_id: id }) => id);
  };
  const refusedBatch = (tasks: readonly object[]): Promise<ApiAnswer<Batch>> =>
    admin.post('/api/v1/tasks/batch', { tasks: tasks.map((task) => ({ ...NEW, ...task })) });
  const claim = async (): Promise<Claimed> => (await admin.claimTask()) as unknown as Claimed;
  const complete = async ({ task_id: id, lease_token }: Claimed, result: unknown = {}): Promise<void> => {
    const { status } = await admin.post(`/api/v1/tasks/${id}/complete`, { lease_token, result });
    expect(status).toBe(200);
  };
  const fail = async ({ task_id: id, lease_token }: Claimed): Promise<void> => {
    const { status } = await admin.post(`/api/v1/tasks/${id}/fail`, { lease_token, error_message: 'no' });
    expect(status).toBe(200);
  };
  /** The end of a dependency reaches those behind it right after its own answer. */
  const until = (id: string, wanted: object): Promise<ApiTask> =>
    eventually(async () => {
      const task = await admin.readTask(id);
      return Object.entries(wanted).every(([name, value]) => Object.is(task[name], value)) ? task : null;
    });
  const bothWays = async (id: string, query = ''): Promise<BothWays> => {
    const { status, body } = await admin.get<BothWays>(`/api/v1/tasks/${id}/dependencies${query}`);
    expect(status).toBe(200);
    return body.data;
  };

  it('say so: what they need, and why they cannot be claimed', async () => {
    const { task_id: first } = await admin.createTask();
    const { task_id: last } = await behind([first], { on_dependency_failure: 'run' });
    expect(await admin.readTask(last)).toMatchObject({
      ...{ status: 'waiting', depends_on: [first], on_dependency_failure: 'run', place_in_line: 0 },
      blocked_by: [{ kind: 'dependencies', pending: 1 }],
    });
    expect(await admin.readTask(first)).toMatchObject({ depends_on: [], on_dependency_failure: null });
  });

  it('are handed out when all of them are completed, with what those have brought', async () => {
    const { task_id: first } = await admin.createTask();
    const { task_id: second } = await admin.createTask();
    const { task_id: last } = await behind([second, first.toUpperCase()], { priority: 'high' });
    await complete(await claim(), { part: 1 });
    await complete(await claim(), { part: 2 });
    await until(last, { place_in_line: 1 });
    expect(await claim()).toMatchObject({
      task_id: last,
      dependencies: [
        { task_id: first, status: 'completed', result: { part: 1 } },
        { task_id: second, status: 'completed', result: { part: 2 } },
      ],
    });
  });

  it('come with an empty list where they depend on nothing', async () => {
    await admin.createTask();
    expect((await claim()).dependencies).toEqual([]);
  });

  it('call each other by names in a batch, and wait in that order', async () => {
    const ids = await batch([
      { ref: 'last', depends_on: ['@left', '@right'] },
      { ref: 'left', depends_on: ['@first'] },
      { ref: 'right', depends_on: ['@first', '@first'] },
      { ref: 'first' },
    ]);
    const order: number[] = [];
    for (let step = 0; step < 4; step += 1) {
      const task = await eventually(async () => {
        const { body } = await admin.get<Claimed | null>('/api/v1/tasks/next?work_path=/srv/project');
        return body.data;
      });
      order.push(ids.indexOf(task.task_id));
      await complete(task, { step });
    }
    expect(order).toEqual([3, 1, 2, 0]);
  });

  it('mix names of their batch with tasks that are there already', async () => {
    const { task_id: old } = await admin.createTask({ priority: 'high' });
    const [, last] = await batch([{ ref: 'a' }, { depends_on: [old, '@a'] }]);
    expect(await bothWays(last ?? '')).toMatchObject({
      pending: 2,
      depends_on: [{ task_id: old, status: 'waiting', settled: false }, {}],
    });
  });

  it.each([
    ['a name that is not in the batch', [{ depends_on: ['@b'] }], 'tasks[0].depends_on[0]'],
    ['a task that there is not', [{}, { depends_on: [uuid(7)] }], 'tasks[1].depends_on[0]'],
    ['the same name twice', [{ ref: 'a' }, { ref: 'a' }], 'tasks[1].ref'],
    ['a name that is none', [{ ref: 'a b' }], 'tasks[0].ref'],
    ['a task that waits for itself', [{ ref: 'a', depends_on: ['@a'] }], 'tasks[0].depends_on'],
    [
      'tasks that wait for each other',
      [{ ref: 'z' }, { ref: 'a', depends_on: ['@b'] }, { ref: 'b', depends_on: ['@a'] }],
      'tasks[1].depends_on',
    ],
    ['more than 100', [{ depends_on: Array.from({ length: 101 }, () => uuid(1)) }], 'tasks[0].depends_on'],
  ])('are refused with %s, and none of the batch is filed', async (_, tasks, field) => {
    const answer = await refusedBatch(tasks);
    expect([answer.status, fieldsIn(answer)]).toEqual([400, [field]]);
    expect((await admin.get<Batch>('/api/v1/tasks')).body.data.tasks).toEqual([]);
  });

  it('are refused by themselves with the same words, in both languages', async () => {
    const body = { ...NEW, depends_on: [uuid(7)] };
    expect(violationsIn(await admin.post('/api/v1/tasks', body))).toMatchObject([
      { field: 'depends_on[0]', reason: 'must be the id of a task that exists' },
    ]);
    expect(violationsIn(await admin.post('/api/v1/tasks', body, { 'Accept-Language': 'zh' }))).toMatchObject([
      { field: 'depends_on[0]', reason: '必须是已存在任务的ID' },
    ]);
    expect(fieldsIn(await admin.post('/api/v1/tasks', { ...NEW, depends_on: ['@a'] }))).toEqual([
      'depends_on[0]',
    ]);
    expect(fieldsIn(await admin.post('/api/v1/tasks', { ...NEW, ref: 'a' }))).toEqual(['ref']);
  });

  it('wait while one has failed, and a retry of that one heals them', async () => {
    const { task_id: first } = await admin.createTask();
    const { task_id: last } = await behind([first]);
    await fail(await claim());
    expect(await admin.readTask(last)).toMatchObject({ status: 'waiting', place_in_line: 0 });
    expect((await admin.post(`/api/v1/tasks/${first}/retry`)).status).toBe(200);
    await complete(await claim());
    await until(last, { place_in_line: 1 });
    expect((await claim()).task_id).toBe(last);
  });

  it('are cancelled with it where they were filed so, and their history says why', async () => {
    const { task_id: first } = await admin.createTask();
    const { task_id: second } = await behind([first], { on_dependency_failure: 'cancel' });
    const { task_id: third } = await behind([second], { on_dependency_failure: 'cancel' });
    await fail(await claim());
    const cause = `depends on ${second}, which is cancelled`;
    expect(await until(third, { status: 'cancelled' })).toMatchObject({ cancel_reason: cause });
    const { body } = await admin.get<{ history: readonly object[] }>(`/api/v1/tasks/${third}/history`);
    expect(body.data.history[1]).toMatchObject({ type: 'task.cancelled', details: { reason: cause } });
    expect((await admin.readTask(second)).cancel_reason).toBe(`depends on ${first}, which is failed`);
  });

  it('run all the same where they were filed so, and are told what happened', async () => {
    const { task_id: first } = await admin.createTask();
    const { task_id: last } = await behind([first], { on_dependency_failure: 'run' });
    await admin.post(`/api/v1/tasks/${first}/cancel`);
    await until(last, { place_in_line: 1 });
    expect((await claim()).dependencies).toEqual([{ task_id: first, status: 'cancelled', result: null }]);
  });

  it('are given results of at most 64 KiB together; of others the size, and where they are', async () => {
    const texts = ['x'.repeat(40 * KIBI), 'y'.repeat(70 * KIBI), 'z'.repeat(10)];
    const ids: string[] = [];
    for (const text of texts) {
      ids.push((await admin.createTask()).task_id);
      await complete(await claim(), { text });
    }
    await behind(ids);
    const { dependencies } = await claim();
    const path = `/api/v1/tasks/${ids[1]}`;
    expect(dependencies).toEqual([
      { task_id: ids[0], status: 'completed', result: { text: texts[0] } },
      { task_id: ids[1], status: 'completed', result: null, cut: { bytes: 70 * KIBI + 11, path } },
      { task_id: ids[2], status: 'completed', result: { text: texts[2] } },
    ]);
    expect((await admin.get(path)).body.data.result).toEqual({ text: texts[1] });
  });

  it('are given them in claims of many too, each its own, and when a claim is repeated', async () => {
    const { task_id: first } = await admin.createTask();
    await complete(await claim(), { answer: 42 });
    await admin.createTask();
    await behind([first]);
    const send = async (): Promise<readonly Claimed[]> => {
      const headers = { 'Idempotency-Key': 'k-1' };
      const { body } = await admin.post<Batch<Claimed>>('/api/v1/tasks/claim', { limit: 5 }, headers);
      return body.data.tasks;
    };
    const claimed = await send();
    expect(claimed.map(({ dependencies }) => dependencies)).toEqual([
      [],
      [{ task_id: first, status: 'completed', result: { answer: 42 } }],
    ]);
    expect(await send()).toEqual(claimed);
  });

  it('cost no read beside the claim where nothing is depended on', async () => {
    const asked = jest.spyOn(service.core.tasks, 'dependenciesOf');
    await admin.createTask();
    await claim();
    expect(asked).not.toHaveBeenCalled();
  });

  describe('GET /tasks/{task_id}/dependencies', () => {
    it('shows both directions', async () => {
      const { task_id: first } = await admin.createTask();
      const { task_id: middle } = await behind([first], { on_dependency_failure: 'cancel' });
      const { task_id: last } = await behind([middle]);
      expect(await bothWays(middle)).toEqual({
        ...{ task_id: middle, status: 'waiting', on_dependency_failure: 'cancel', pending: 1 },
        depends_on: [{ task_id: first, status: 'waiting', settled: false }],
        dependents: [{ task_id: last, status: 'waiting', settled: false }],
        pagination: { limit: 100, has_more: false, next_cursor: null },
      });
      await complete(await claim());
      await until(middle, { place_in_line: 1 });
      expect(await bothWays(middle)).toMatchObject({ pending: 0, depends_on: [{ settled: true }] });
    });

    it('pages through the dependents', async () => {
      const ids = await batch([{ ref: 'a' }, ...Array.from({ length: 5 }, () => ({ depends_on: ['@a'] }))]);
      const seen: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const more = cursor === '' ? '' : `&cursor=${cursor}`;
        const page = await bothWays(ids[0] ?? '', `?limit=2${more}`);
        seen.push(...page.dependents.map(({ task_id: id }) => id));
        expect(page.pagination.has_more).toBe(page.pagination.next_cursor !== null);
        cursor = page.pagination.next_cursor;
      }
      expect(seen).toEqual(ids.slice(1));
    });

    it('refuses a cursor of another task, and knows no task that there is not', async () => {
      const ids = await batch([{ ref: 'a' }, { depends_on: ['@a'] }, { depends_on: ['@a'] }]);
      const { pagination } = await bothWays(ids[0] ?? '', '?limit=1');
      const path = `/api/v1/tasks/${ids[1]}/dependencies?cursor=${pagination.next_cursor}`;
      expect(fieldsIn(await admin.get(path))).toEqual(['cursor']);
      expect((await admin.get(`/api/v1/tasks/${uuid(7)}/dependencies`)).status).toBe(404);
    });
  });
});
