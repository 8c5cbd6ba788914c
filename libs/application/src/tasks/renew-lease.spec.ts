import {
  InvalidTask,
  LeaseLost,
  Task,
  TaskAlreadyFinal,
  TaskCancelled,
  TaskNotFound,
  TaskNotWorking,
} from '@task/domain';
import { ACTOR, CALL, NOW, policy, TASK_ID, taskIn } from '../../../../test/support/builders';
import { DecidingStore } from '../../../../test/support/deciding-store';
import { RenewLease, type RenewLeaseInput } from './renew-lease';

const proof = { leaseToken: 'token-1' };
const working = taskIn('working');
const renew = (
  changes: Partial<RenewLeaseInput> = {},
  task = working,
  rules: Parameters<typeof policy>[0] = {},
): ReturnType<RenewLease['execute']> =>
  new RenewLease(new DecidingStore({ tasks: [task] }), policy(rules)).execute(
    { taskId: TASK_ID, proof, ...changes },
    CALL,
  );

describe('RenewLease', () => {
  it('keeps the task with its worker for another length of its lease', async () => {
    const { lease } = working.state;
    const shorter = new Task({ ...working.state, lease: lease && { ...lease, expiresAt: NOW + 1 } });
    const renewed = await renew({}, shorter);
    expect(renewed.state).toEqual(working.state);
  });

  it.each<[Partial<RenewLeaseInput>, number, string | null]>([
    [{}, 0, null],
    [{ progress: 40 }, 40, null],
    [{ progress: 0, message: 'begun' }, 0, 'begun'],
    [{ message: 'four' }, 0, 'four'],
    [{ message: '' }, 0, null],
  ])('takes down %j', async (changes, progress, progressMessage) => {
    expect((await renew(changes)).state.lease).toMatchObject({ progress, progressMessage });
  });

  it('leaves alone what it is not told', async () => {
    const told = working.renew({ progress: 60, message: 'half' }, {}, NOW).task;
    expect((await renew({ progress: 10 }, told)).state.lease).toMatchObject({
      ...{ progress: 10, progressMessage: 'half' },
    });
    expect((await renew({ message: '' }, told)).state.lease).toMatchObject({
      ...{ progress: 60, progressMessage: null },
    });
  });

  it('tells how it is otherwise', async () => {
    await expect(renew({ proof: { leaseToken: 'another' } })).rejects.toThrow(LeaseLost);
    await expect(renew({}, taskIn('waiting'))).rejects.toThrow(LeaseLost);
    await expect(renew({ proof: {} }, taskIn('waiting'))).rejects.toThrow(TaskNotWorking);
    await expect(renew({}, taskIn('completed'))).rejects.toThrow(TaskAlreadyFinal);
    await expect(renew({}, working.cancel(null, true, ACTOR, NOW).task)).rejects.toThrow(TaskCancelled);
    await expect(renew({}, working.expire(NOW).task)).rejects.toThrow(LeaseLost);
    await expect(renew({ taskId: 'unheard of' })).rejects.toThrow(TaskNotFound);
  });

  it('needs a token where the operator says so', async () => {
    const strict = { requireLeaseToken: true };
    await expect(renew({ proof: { workerId: 'worker-1' } }, working, strict)).rejects.toThrow(InvalidTask);
    await expect(renew({}, working, strict)).resolves.toBeDefined();
    await expect(renew({ proof: { workerId: 'worker-1' } })).resolves.toBeDefined();
  });
});
