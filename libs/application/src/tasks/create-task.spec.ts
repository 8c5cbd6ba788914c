import { InvalidTask, PromptSaysNothing, PromptTooShort } from '@task/domain';
import { CALL, draft, NOW, policy } from '../../../../test/support/builders';
import { CountedIds } from '../../../../test/support/counted-ids';
import { DecidingStore } from '../../../../test/support/deciding-store';
import type { Policy } from '../ports/policy';
import { CreateTask } from './create-task';
import { CreateTasks, type CreateTaskInput } from './create-tasks';
import { memoryGuard } from '../../../../test/support/told-memory';

const create = (
  input: CreateTaskInput,
  changes: Parameters<typeof policy>[0] = {},
  store = new DecidingStore(),
): ReturnType<CreateTask['execute']> =>
  new CreateTask(new CreateTasks(store, new CountedIds(), policy(changes), memoryGuard())).execute(
    input,
    CALL,
  );

describe('CreateTask', () => {
  it('files what the creator says, under the creator’s name, at the store’s time', async () => {
    const said = draft({ taskType: 'build', kbId: 'kb-1', priority: 9, tags: ['a'], autoRetry: true });
    expect((await create(said)).state).toMatchObject({
      ...said,
      ...{ id: '00000000-0000-4000-8000-000000000001', createdBy: CALL.actor, createdAt: NOW },
    });
  });

  it('gives what is left out its default', async () => {
    expect((await create({})).state).toMatchObject({
      ...{ taskType: 'agent_prompt', workDirectory: null, kbId: null, prompt: null, payload: null },
      ...{ priority: 5, tags: [], metadata: null, availableAt: null, timeoutSeconds: null },
      ...{ maxRetries: 3, autoRetry: false },
    });
  });

  it('refuses what breaks a rule', async () => {
    await expect(create({ priority: 11 })).rejects.toThrow(InvalidTask);
  });

  it('tells no place, since it is no list that is wrong', async () => {
    await expect(create({ priority: 11 })).rejects.toMatchObject({ index: null });
    await expect(create({ prompt: '…' })).rejects.toMatchObject({ index: null });
  });

  it('refuses a prompt that says nothing, and one of too few words', async () => {
    await expect(create({ prompt: '…' })).rejects.toThrow(PromptSaysNothing);
    await expect(create({ prompt: 'fix it' }, { promptMinWords: 3 })).rejects.toThrow(PromptTooShort);
    await expect(create({ prompt: 'fix the bug' }, { promptMinWords: 3 })).resolves.toBeDefined();
  });

  it.each([
    [0, 1, true],
    [9, 10, true],
    [10, 10, false],
    [11, 10, false],
    [0, 0, false],
  ])('where %d wait and %d may: %p', async (waiting, maxWaiting, isTaken) => {
    const created = create({}, { maxWaiting }, new DecidingStore({ waiting }));
    if (isTaken) await expect(created).resolves.toBeDefined();
    else await expect(created).rejects.toMatchObject({ code: 'queue.full', maxWaiting });
  });

  it('reads the rules anew each time', async () => {
    const rules: Policy & { maxWaiting: number } = policy({ maxWaiting: 0 });
    const useCase = new CreateTask(
      new CreateTasks(new DecidingStore(), new CountedIds(), rules, memoryGuard()),
    );
    await expect(useCase.execute({}, CALL)).rejects.toThrow();
    rules.maxWaiting = 1;
    await expect(useCase.execute({}, CALL)).resolves.toBeDefined();
  });

  it('keeps its id when the store has to decide again', async () => {
    const store = new DecidingStore({ decidesTwice: true });
    expect((await create({}, {}, store)).id).toBe('00000000-0000-4000-8000-000000000001');
  });

  it('does not take silence of the store for a task', async () => {
    await expect(create({}, {}, new DecidingStore({ isSilent: true }))).rejects.toThrow(/no task/);
  });
});
