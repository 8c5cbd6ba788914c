import { TaskNotFound } from '@task/domain';
import { TASK_ID, taskIn } from '../../../../test/support/builders';
import { DecidingStore } from '../../../../test/support/deciding-store';
import { GetTask } from './get-task';
import { GetTaskHistory } from './get-task-history';

const store = new DecidingStore({ tasks: [taskIn('waiting')] });

describe('GetTask', () => {
  it('reads a task', async () => {
    expect(await new GetTask(store).execute({ taskId: TASK_ID })).toMatchObject({ id: TASK_ID });
  });

  it('is refused for a task that is not there', async () => {
    const read = new GetTask(store).execute({ taskId: 'unheard of' });
    await expect(read).rejects.toThrow(TaskNotFound);
  });
});

describe('GetTaskHistory', () => {
  it('reads what happened to a task', async () => {
    expect(await new GetTaskHistory(store).execute({ taskId: TASK_ID })).toEqual([]);
  });

  it('is refused for a task that is not there', async () => {
    const read = new GetTaskHistory(store).execute({ taskId: 'unheard of' });
    await expect(read).rejects.toThrow(TaskNotFound);
  });
});
