import { InvalidTask, PromptSaysNothing } from '@task/domain';
import type { IdempotencyKey } from '../call';
import type { Policy } from '../ports/policy';
import { CALL, policy } from '../../../../test/support/builders';
import { CountedIds, uuid } from '../../../../test/support/counted-ids';
import { DecidingStore } from '../../../../test/support/deciding-store';
import { CreateTasks, type CreateTaskInput } from './create-tasks';
import { memoryGuard } from '../../../../test/support/told-memory';

const createAll = (
  inputs: readonly CreateTaskInput[],
  rules: Parameters<typeof policy>[0] = {},
  store = new DecidingStore(),
): ReturnType<CreateTasks['execute']> =>
  new CreateTasks(store, new CountedIds(), policy(rules), memoryGuard()).execute(inputs, CALL);

describe('CreateTasks', () => {
  it('files them in the order given, each with its own id', async () => {
    const tasks = await createAll([{ prompt: 'one' }, { prompt: 'two', priority: 9 }, {}]);
    expect(tasks.map(({ id, state }) => [id, state.prompt, state.priority])).toEqual([
      [uuid(1), 'one', 5],
      [uuid(2), 'two', 9],
      [uuid(3), null, 5],
    ]);
  });

  it('tells which of several is refused, and none is filed', async () => {
    const wrong = createAll([{}, { priority: 11 }, { priority: 12 }]);
    await expect(wrong).rejects.toThrow(InvalidTask);
    await expect(wrong).rejects.toMatchObject({ index: 1 });
    const empty = createAll([{}, {}, { prompt: '…' }]);
    await expect(empty).rejects.toThrow(PromptSaysNothing);
    await expect(empty).rejects.toMatchObject({ index: 2 });
  });

  it('tells the place of the only one too: its caller sent a list', async () => {
    await expect(createAll([{ priority: 11 }])).rejects.toMatchObject({ index: 0 });
  });

  it('takes all that the queue has room for, or none', async () => {
    const three = [{}, {}, {}];
    const rules = { maxWaiting: 10 };
    await expect(createAll(three, rules, new DecidingStore({ waiting: 7 }))).resolves.toHaveLength(3);
    const full = createAll(three, rules, new DecidingStore({ waiting: 8 }));
    await expect(full).rejects.toMatchObject({ code: 'queue.full', index: null });
  });

  it('does not hide what nobody expected', async () => {
    const rules: Policy = {
      ...policy(),
      get maxWaiting(): number {
        throw new TypeError('boom');
      },
    };
    const useCase = new CreateTasks(new DecidingStore(), new CountedIds(), rules, memoryGuard());
    await expect(useCase.execute([{}], CALL)).rejects.toThrow(TypeError);
  });

  it('tells the store how many they are', async () => {
    const store = new DecidingStore();
    await createAll([{}, {}, {}], {}, store);
    expect(store.counts).toEqual([3]);
  });

  it('names the caller’s key to the store', async () => {
    const store = new DecidingStore();
    const key: IdempotencyKey = { key: 'k', fingerprint: 'f', onReplay: () => undefined };
    const useCase = new CreateTasks(store, new CountedIds(), policy(), memoryGuard());
    await useCase.execute([{}], { ...CALL, idempotency: key });
    expect(store.keys).toEqual([key]);
  });
});
