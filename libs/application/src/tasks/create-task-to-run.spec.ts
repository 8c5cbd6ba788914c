import { ExecutorFull } from '@task/domain';
import { CALL, policy } from '../../../../test/support/builders';
import { memoryGuard } from '../../../../test/support/told-memory';
import { CountedIds } from '../../../../test/support/counted-ids';
import { DecidingStore } from '../../../../test/support/deciding-store';
import type { TaskPage, TaskPageRequest } from '../ports/task-store';
import { CreateTask } from './create-task';
import { CreateTaskToRun } from './create-task-to-run';
import { CreateTasks } from './create-tasks';

/** So many tasks of each type wait already. */
class WaitingStore extends DecidingStore {
  constructor(private readonly waiting: Readonly<Record<string, number>>) {
    super();
  }

  override async list(request: TaskPageRequest): Promise<TaskPage> {
    const { status, taskType = '' } = request.filter;
    const total = status === 'waiting' ? (this.waiting[taskType] ?? 0) : 0;
    return { tasks: [], total, totalCapped: false, next: null };
  }
}

describe('CreateTaskToRun', () => {
  const executor = { taskTypes: ['report', 'echo'], maxWaiting: 10 };
  const creating = (waiting: Readonly<Record<string, number>>): CreateTaskToRun => {
    const store = new WaitingStore(waiting);
    return new CreateTaskToRun(
      store,
      new CreateTask(new CreateTasks(store, new CountedIds(), policy(), memoryGuard())),
      executor,
    );
  };

  it('files a task while fewer wait for the service than may', async () => {
    const { state } = await creating({ report: 5, echo: 4 }).execute({ taskType: 'report' }, CALL);

    expect(state).toMatchObject({ taskType: 'report', status: 'waiting' });
  });

  it('refuses one more than that, whatever their types', async () => {
    await expect(creating({ report: 6, echo: 4 }).execute({ taskType: 'echo' }, CALL)).rejects.toThrow(
      ExecutorFull,
    );
  });

  it('counts those that are being filed', async () => {
    const create = creating({ report: 8 });
    const filed = await Promise.allSettled(
      [1, 2, 3, 4].map(() => create.execute({ taskType: 'report' }, CALL)),
    );

    expect(filed.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    await expect(create.execute({ taskType: 'report' }, CALL)).resolves.toBeDefined();
  });

  it('files what the service does not run, however many wait for it', async () => {
    const { state } = await creating({ report: 10 }).execute({ taskType: 'review' }, CALL);

    expect(state.taskType).toBe('review');
  });
});
