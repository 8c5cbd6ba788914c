import { CALL, policy, taskIn } from '../../../../test/support/builders';
import { CountedIds } from '../../../../test/support/counted-ids';
import { DecidingStore } from '../../../../test/support/deciding-store';
import { ClaimNextTask, type ClaimNextTaskInput } from './claim-next-task';

async function claim(input: ClaimNextTaskInput, tasks = [taskIn('waiting'), taskIn('waiting')]) {
  const store = new DecidingStore({ tasks });
  const task = await new ClaimNextTask(store, new CountedIds(), policy({ leaseMs: 90_000 })).execute(
    input,
    CALL,
  );
  return { task, store };
}

describe('ClaimNextTask', () => {
  it('hands one task to its worker, with a new token', async () => {
    const { task, store } = await claim({ workerId: 'worker-7' });
    expect(task?.state).toMatchObject({
      status: 'working',
      lease: { token: 'token-1', workerId: 'worker-7', attempt: 1 },
    });
    expect(store.claims).toEqual([{ filter: {}, limit: 1 }]);
  });

  it('is null when there is nothing', async () => {
    expect((await claim({}, [])).task).toBeNull();
  });

  it('lasts as long as the worker asks, or else as the operator says', async () => {
    expect((await claim({ leaseSeconds: 10 })).task?.state.lease?.lengthMs).toBe(10_000);
    expect((await claim({})).task?.state.lease?.lengthMs).toBe(90_000);
  });

  it('records no name when none is given, and the caller’s key as who changed it', async () => {
    const { task } = await claim({});
    expect(task?.state).toMatchObject({ updatedBy: CALL.actor, lease: { workerId: null } });
  });

  it.each<[ClaimNextTaskInput, object]>([
    [{}, {}],
    [{ workPath: '/srv/x/../a/' }, { directory: { path: '/srv/a', recursive: false } }],
    [{ workPath: 'c:/a/', recursive: true }, { directory: { path: 'C:\\a', recursive: true } }],
    [{ recursive: true }, {}],
    [{ taskTypes: ['a', 'b'] }, { taskTypes: ['a', 'b'] }],
    [{ kbId: 'kb-1' }, { kbId: 'kb-1' }],
    [{ workPath: undefined, taskTypes: undefined, kbId: undefined }, {}],
  ])('asks for %j by %j', async (input, filter) => {
    expect((await claim(input)).store.claims).toEqual([{ filter, limit: 1 }]);
  });
});
