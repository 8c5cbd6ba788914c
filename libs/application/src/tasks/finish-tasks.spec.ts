import { InvalidTask, JsonDocument, LeaseLost, Task, TaskNotFound } from '@task/domain';
import type { IdempotencyKey } from '../call';
import { ACTOR, CALL, draft, NOW, policy, terms } from '../../../../test/support/builders';
import { uuid } from '../../../../test/support/counted-ids';
import { KeepingStore } from '../../../../test/support/keeping-store';
import { CompleteTask } from './complete-task';
import { FailTask } from './fail-task';
import { FinishTasks, type Finish } from './finish-tasks';

const held = (number: number): Task =>
  Task.create(draft(), uuid(number), ACTOR, NOW).task.claim(terms({ token: `t-${number}` }), ACTOR, NOW).task;

function setUp(count: number, rules: Parameters<typeof policy>[0] = {}) {
  const store = new KeepingStore(Array.from({ length: count }, (_, index) => held(index + 1)));
  const operator = policy(rules);
  return { store, finish: new FinishTasks(new CompleteTask(store, operator), new FailTask(store, operator)) };
}

const finishOf = (number: number, changes: Partial<Finish> = {}): Finish => ({
  taskId: uuid(number),
  leaseToken: `t-${number}`,
  ...changes,
});

describe('FinishTasks', () => {
  it('ends each well, or with its error message, and answers in the order given', async () => {
    const { finish } = setUp(3);
    const result = JsonDocument.of({ lines: 3 });
    const outcomes = await finish.execute(
      [finishOf(2, { result }), finishOf(1, { errorMessage: 'no disk', result }), finishOf(3)],
      CALL,
    );
    expect(outcomes).toMatchObject([
      { taskId: uuid(2), task: { state: { status: 'completed', result: { text: '{"lines":3}' } } } },
      { taskId: uuid(1), task: { state: { status: 'failed', errorMessage: 'no disk', result } } },
      { taskId: uuid(3), task: { state: { status: 'completed', result: null } } },
    ]);
  });

  it('ends the rest when one of them is refused', async () => {
    const { finish, store } = setUp(2);
    const outcomes = await finish.execute(
      [finishOf(1, { leaseToken: 'another' }), finishOf(9), finishOf(2)],
      CALL,
    );
    expect(outcomes.map((outcome) => ('error' in outcome ? outcome.error : outcome.task.status))).toEqual([
      expect.any(LeaseLost),
      expect.any(TaskNotFound),
      'completed',
    ]);
    expect(store.all.map(({ status }) => status)).toEqual(['working', 'completed']);
  });

  it('tells of each that the store gave no answer', async () => {
    const { finish, store } = setUp(1);
    store.isAway = true;
    const outcomes = await finish.execute([finishOf(1), finishOf(1)], CALL);
    expect(outcomes).toMatchObject([
      { error: { fault: 'unreachable' } },
      { error: { fault: 'unreachable' } },
    ]);
  });

  it('refuses each by itself what breaks a rule', async () => {
    const { finish } = setUp(1, { requireLeaseToken: true });
    expect(await finish.execute([finishOf(1)], CALL)).toMatchObject([{ task: { status: 'completed' } }]);
    const tokenless = { taskId: uuid(1) } as Finish;
    expect(await finish.execute([tokenless], CALL)).toEqual([
      { taskId: uuid(1), error: expect.any(InvalidTask) },
    ]);
  });

  it('remembers each by itself, under the caller’s key and its place', async () => {
    const { finish, store } = setUp(2);
    const onReplay = (): void => undefined;
    const idempotency: IdempotencyKey = { key: 'k', fingerprint: 'f', onReplay };
    await finish.execute([finishOf(1), finishOf(2)], { ...CALL, idempotency });
    expect(store.keys).toEqual([
      { key: 'k:0', fingerprint: 'f', onReplay },
      { key: 'k:1', fingerprint: 'f', onReplay },
    ]);
  });

  it('names no key where the caller named none', async () => {
    const { finish, store } = setUp(1);
    await finish.execute([finishOf(1)], CALL);
    expect(store.keys).toEqual([undefined]);
  });
});
