import { InvalidTask, LeaseLost, TaskAlreadyFinal } from '@task/domain';
import { ACTOR, CALL, NOW, policy, TASK_ID, taskIn } from '../../../../test/support/builders';
import { DecidingStore } from '../../../../test/support/deciding-store';
import { ReleaseTask, type ReleaseTaskInput } from './release-task';

const proof = { leaseToken: 'token-1' };
const working = taskIn('working', { autoRetry: true });
const release = (
  changes: Partial<ReleaseTaskInput> = {},
  task = working,
  rules: Parameters<typeof policy>[0] = {},
): ReturnType<ReleaseTask['execute']> =>
  new ReleaseTask(new DecidingStore({ tasks: [task] }), policy(rules)).execute(
    { taskId: TASK_ID, proof, ...changes },
    CALL,
  );

describe('ReleaseTask', () => {
  it('gives a task back, claimable at once, and no retry counted', async () => {
    expect((await release()).state).toMatchObject({
      ...{ status: 'waiting', gate: 'ready', retryCount: 0, startedAt: null },
      lease: { endedBy: 'release' },
    });
  });

  it('is fine when the same release comes again', async () => {
    const released = working.release(null, proof, ACTOR, NOW).task;
    expect(await release({ reason: 'again' }, released)).toBe(released);
  });

  it('is refused to others, and when the task has ended', async () => {
    await expect(release({ proof: { leaseToken: 'another' } })).rejects.toThrow(LeaseLost);
    await expect(release({ proof: { workerId: 'worker-2' } })).rejects.toThrow(LeaseLost);
    await expect(release({}, taskIn('completed'))).rejects.toThrow(TaskAlreadyFinal);
  });

  it('needs a token where the operator says so', async () => {
    const strict = { requireLeaseToken: true };
    await expect(release({ proof: {} }, working, strict)).rejects.toThrow(InvalidTask);
    await expect(release({ proof: {} })).resolves.toBeDefined();
  });
});
