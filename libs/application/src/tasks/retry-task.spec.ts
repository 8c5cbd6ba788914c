import { TaskNotFailed } from '@task/domain';
import { CALL, TASK_ID, taskIn } from '../../../../test/support/builders';
import { DecidingStore } from '../../../../test/support/deciding-store';
import { RetryTask } from './retry-task';

const retry = (task = taskIn('failed')): ReturnType<RetryTask['execute']> =>
  new RetryTask(new DecidingStore({ tasks: [task] })).execute({ taskId: TASK_ID }, CALL);

describe('RetryTask', () => {
  it('puts a failed task back, in the caller’s name', async () => {
    expect((await retry()).state).toMatchObject({ status: 'waiting', retryCount: 1, updatedBy: CALL.actor });
  });

  it('takes failed tasks only', async () => {
    await expect(retry(taskIn('working'))).rejects.toThrow(TaskNotFailed);
  });
});
