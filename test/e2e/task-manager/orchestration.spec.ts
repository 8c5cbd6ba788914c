import { eventually } from '../../support/eventually';
import type { TaskInfo, TaskManagerClient } from '../../support/task-manager-client';
import { TestService } from '../http/service';
import { taskManagerOf } from './clients';

const NEW = { task_type: 'document_processing', kb_id: 'kb_1', payload: {} };

describe('tasks of the task manager that wait for others', () => {
  let service: TestService;
  let api: TaskManagerClient;

  beforeEach(async () => {
    service = await TestService.start();
    api = taskManagerOf(service);
  });
  afterEach(() => service.close());

  const file = async (tasks: readonly object[]): Promise<string[]> => {
    const list = tasks.map((task) => ({ ...NEW, ...task }));
    const { tasks: filed } = await api.must<{ tasks: TaskInfo[] }>('POST', '/api/v1/tasks/batch', list);
    return filed.map(({ id }) => id);
  };
  const finish = ({ id, lease_token }: TaskInfo, result: object): Promise<unknown> =>
    api.must('POST', `/api/v1/tasks/${id}/complete`, { lease_token, result });
  const untilInLine = (id: string): Promise<TaskInfo> =>
    eventually(async () => {
      const task = await api.read(id);
      return task.queue_position === 1 ? task : null;
    });

  it('say so, and are handed out with what those have brought', async () => {
    const [first = '', last = ''] = await file([{ ref: 'split' }, { depends_on: ['@split'] }]);
    expect(await api.read(last)).toMatchObject({
      ...{ queue_position: 0, depends_on: [first], on_dependency_failure: 'wait' },
      blocked_by: [{ kind: 'dependencies', pending: 1 }],
    });
    const claimed = await api.claim();
    expect(claimed.dependencies).toEqual([]);
    await finish(claimed, { chunks: 12 });
    await untilInLine(last);
    expect(await api.claim()).toMatchObject({
      id: last,
      dependencies: [{ task_id: first, status: 'completed', result: { chunks: 12 } }],
    });
  });

  it('run all the same after a failure where they were filed so, and are told of it in its own words', async () => {
    const first = await api.create({ auto_retry: false });
    const last = await api.create({ depends_on: [first.id], on_dependency_failure: 'run' });
    await api.must('DELETE', `/api/v1/tasks/${first.id}`);
    await untilInLine(last.id);
    expect((await api.claim()).dependencies).toEqual([
      { task_id: first.id, status: 'cancelled', result: null },
    ]);
  });

  it('that share a key take turns', async () => {
    const first = await api.create({ concurrency_key: 'kb_1' });
    const second = await api.create({ concurrency_key: 'kb_1' });
    const claimed = await api.claim();
    expect(claimed).toMatchObject({ id: first.id, concurrency_key: 'kb_1' });
    expect(await api.read(second.id)).toMatchObject({
      blocked_by: [{ kind: 'concurrency_key', concurrency_key: 'kb_1' }],
    });
    await finish(claimed, {});
    expect((await api.claim()).id).toBe(second.id);
  });

  it.each<[object[], object]>([
    [[{}, { depends_on: ['@none'] }], { index: 1, field: 'depends_on[0]' }],
    [[{ ref: 'a', depends_on: ['@a'] }], { index: 0, field: 'depends_on' }],
    [[{ ref: 'a b' }], { index: 0, field: 'ref' }],
    [[{ on_dependency_failure: 'explode' }], { index: 0, field: 'on_dependency_failure' }],
    [[{ concurrency_key: '' }], { index: 0, field: 'concurrency_key' }],
  ])('are refused with the place of what is wrong: %j', async (tasks, place) => {
    const answer = await api.post(
      '/api/v1/tasks/batch',
      tasks.map((task) => ({ ...NEW, ...task })),
    );
    expect([answer.status, answer.failure.code]).toEqual([400, 'INVALID_REQUEST']);
    expect(answer.failure.details.fields).toMatchObject([place]);
  });
});
