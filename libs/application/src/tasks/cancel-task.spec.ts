import { TaskAlreadyFinal, TaskNotFound, TaskNotWaiting } from '@task/domain';
import { CALL, TASK_ID, taskIn } from '../../../../test/support/builders';
import { DecidingStore } from '../../../../test/support/deciding-store';
import { CancelTask, type CancelTaskInput } from './cancel-task';

const cancel = (
  changes: Partial<CancelTaskInput>,
  task = taskIn('waiting'),
): ReturnType<CancelTask['execute']> =>
  new CancelTask(new DecidingStore({ tasks: [task] })).execute({ taskId: TASK_ID, ...changes }, CALL);

describe('CancelTask', () => {
  it('gives a waiting task up, and keeps why', async () => {
    const { state } = await cancel({ reason: 'not needed' });
    expect(state).toMatchObject({ status: 'cancelled', cancelReason: 'not needed', updatedBy: CALL.actor });
  });

  it.each([undefined, ''])('keeps no reason when it is %j', async (reason) => {
    expect((await cancel({ reason })).state.cancelReason).toBeNull();
  });

  it('takes a working task only by force', async () => {
    await expect(cancel({}, taskIn('working'))).rejects.toThrow(TaskNotWaiting);
    expect((await cancel({ force: true }, taskIn('working'))).status).toBe('cancelled');
  });

  it('takes every task that has not ended where it says so, and no failed one', async () => {
    expect((await cancel({ unfinished: true })).status).toBe('cancelled');
    expect((await cancel({ unfinished: true }, taskIn('working'))).status).toBe('cancelled');
    const failed = cancel({ unfinished: true, force: true }, taskIn('failed'));
    await expect(failed).rejects.toMatchObject({ code: 'task.not_working', command: 'cancel' });
    await expect(cancel({ unfinished: true }, taskIn('completed'))).rejects.toThrow(TaskAlreadyFinal);
  });

  it('is refused for a task that is not there', async () => {
    await expect(cancel({ taskId: 'unheard of' })).rejects.toThrow(TaskNotFound);
  });
});
