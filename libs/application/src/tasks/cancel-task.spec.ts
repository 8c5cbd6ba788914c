import { TaskAlreadyFinal, TaskNotFound, TaskNotWaiting } from '@task/domain';
import { CALL, TASK_ID, taskIn } from '../../../../test/support/builders';
import { DecidingStore } from '../../../../test/support/deciding-store';
import { Notebook } from '../../../../test/support/notebook';
import { CancelTask, type CancelTaskInput } from './cancel-task';

const audit = new Notebook();

const cancel = (
  changes: Partial<CancelTaskInput>,
  task = taskIn('waiting'),
): ReturnType<CancelTask['execute']> =>
  new CancelTask(new DecidingStore({ tasks: [task] }), audit).execute({ taskId: TASK_ID, ...changes }, CALL);

describe('CancelTask', () => {
  beforeEach(() => audit.records.splice(0));

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

  it('is written down, forced or not, done or refused', async () => {
    await cancel({ reason: 'secret plans' });
    await cancel({ force: true }, taskIn('working'));
    await expect(cancel({}, taskIn('working'))).rejects.toThrow(TaskNotWaiting);
    expect(audit.records).toMatchObject([
      { actor: CALL.actor, action: 'task.cancel', outcome: 'done', target: TASK_ID, details: {} },
      { action: 'task.force_cancel', outcome: 'done' },
      { action: 'task.cancel', outcome: 'refused', details: { code: 'task.not_waiting' } },
    ]);
    expect(JSON.stringify(audit.records)).not.toContain('secret plans');
  });
});
