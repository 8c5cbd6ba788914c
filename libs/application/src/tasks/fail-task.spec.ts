import { InvalidTask, JsonDocument, LeaseLost } from '@task/domain';
import { CALL, policy, TASK_ID, taskIn } from '../../../../test/support/builders';
import { DecidingStore } from '../../../../test/support/deciding-store';
import { FailTask, type FailTaskInput } from './fail-task';

const fail = (
  changes: Partial<FailTaskInput>,
  task = taskIn('working'),
  rules: Parameters<typeof policy>[0] = {},
): ReturnType<FailTask['execute']> =>
  new FailTask(new DecidingStore({ tasks: [task] }), policy(rules)).execute(
    { taskId: TASK_ID, errorMessage: 'no disk', proof: {}, ...changes },
    CALL,
  );

describe('FailTask', () => {
  it('records why, and what there is', async () => {
    const { state } = await fail({ result: JsonDocument.of([1]) });
    expect(state).toMatchObject({ status: 'failed', errorMessage: 'no disk', result: { text: '[1]' } });
    expect((await fail({})).state.result).toBeNull();
  });

  it('sends a task back that retries itself, unless trying again cannot help', async () => {
    const task = taskIn('working', { autoRetry: true });
    expect((await fail({}, task)).status).toBe('waiting');
    expect((await fail({ retryable: false }, task)).status).toBe('failed');
  });

  it('is the holder’s to say', async () => {
    await expect(fail({ proof: { workerId: 'worker-2' } })).rejects.toThrow(LeaseLost);
  });

  it('needs a token where the operator says so', async () => {
    await expect(fail({}, taskIn('working'), { requireLeaseToken: true })).rejects.toThrow(InvalidTask);
  });
});
