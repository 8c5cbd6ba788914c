import {
  InvalidTask,
  JsonDocument,
  LeaseLost,
  PromptMismatch,
  TaskAlreadyFinal,
  type Task,
} from '@task/domain';
import { CALL, policy, TASK_ID, taskIn } from '../../../../test/support/builders';
import { DecidingStore } from '../../../../test/support/deciding-store';
import { CompleteTask, type CompleteTaskInput } from './complete-task';

type Changes = Partial<CompleteTaskInput>;

const working = (prompt: string | null = 'write the release notes'): Task => taskIn('working', { prompt });
const complete = (
  changes: Changes,
  task = working(),
  rules: Parameters<typeof policy>[0] = {},
): ReturnType<CompleteTask['execute']> =>
  new CompleteTask(new DecidingStore({ tasks: [task] }), policy(rules)).execute(
    { taskId: TASK_ID, proof: {}, ...changes },
    CALL,
  );
const json = (value: unknown): { result: JsonDocument } => ({ result: JsonDocument.of(value) });

describe('CompleteTask', () => {
  it('ends a task well with its result', async () => {
    const { state } = await complete(json({ lines: 3 }));
    expect(state).toMatchObject({ status: 'completed', result: { text: '{"lines":3}' } });
    expect((await complete({})).state.result).toBeNull();
  });

  it.each<Changes>([
    json(null),
    json('failed'),
    json(['failed']),
    json({ status: 'FAILED' }),
    { status: 'completed' },
    { ...json({ status: 'failed', error: 'no disk' }), readsResult: false },
  ])('takes %j for a success', async (changes) => {
    expect((await complete(changes)).status).toBe('completed');
  });

  describe('of a failure', () => {
    const unexplained = 'the worker reported a failure without an error';

    it.each<[Changes, string]>([
      [json({ status: 'failed', error: 'no disk' }), 'no disk'],
      [{ status: 'failed', ...json({ error: 'no disk' }) }, 'no disk'],
      [{ status: 'completed', ...json({ status: 'failed', error: 'no disk' }) }, 'no disk'],
      [{ status: 'failed' }, unexplained],
      [{ status: 'failed', ...json('no disk') }, unexplained],
      [json({ status: 'failed' }), unexplained],
      [json({ status: 'failed', error: '' }), unexplained],
      [json({ status: 'failed', error: '\0' }), unexplained],
      [json({ status: 'failed', error: { code: 1 } }), unexplained],
      [json({ status: 'failed', error: 'a\0b\ud800' }), 'ab\ufffd'],
      [json({ status: 'failed', error: '😀'.repeat(10_001) }), '😀'.repeat(10_000)],
    ])('%j is failed', async (changes, errorMessage) => {
      const { state } = await complete(changes);
      expect(state).toMatchObject({ status: 'failed', errorMessage });
      expect(state.result?.text).toBe(changes.result?.text);
    });

    it('sends a task back that retries itself', async () => {
      const task = taskIn('working', { autoRetry: true });
      expect((await complete({ status: 'failed' }, task)).state).toMatchObject({
        status: 'waiting',
        retryCount: 1,
      });
    });
  });

  describe('that names the prompt', () => {
    it('is done when it resembles the task’s', async () => {
      expect((await complete({ originalPrompt: 'Write the  Release notes!' })).status).toBe('completed');
    });

    it('is refused otherwise, with the similarity found and the one needed', async () => {
      const refused = complete({ originalPrompt: 'fix the bug' });
      await expect(refused).rejects.toThrow(PromptMismatch);
      await expect(refused).rejects.toMatchObject({ threshold: 0.8, similarity: 0.25 });
    });

    it('is measured by the operator’s threshold, which is itself enough', async () => {
      const changes = { originalPrompt: 'nacht' };
      await expect(
        complete(changes, working('night'), { promptMatchThreshold: 0.25 }),
      ).resolves.toBeDefined();
      await expect(complete(changes, working('night'), { promptMatchThreshold: 0.26 })).rejects.toThrow(
        PromptMismatch,
      );
    });

    it('does not resemble a task without one', async () => {
      await expect(complete({ originalPrompt: 'fix the bug' }, working(null))).rejects.toThrow(
        PromptMismatch,
      );
    });

    it('is told first that the task is not its own', async () => {
      const changes = { originalPrompt: 'fix the bug', proof: { leaseToken: 'other' } };
      await expect(complete(changes)).rejects.toThrow(LeaseLost);
      await expect(complete(changes, taskIn('completed'))).rejects.toThrow(LeaseLost);
      await expect(complete({ originalPrompt: 'x' }, taskIn('completed'))).rejects.toThrow(TaskAlreadyFinal);
    });
  });

  it('needs a token where the operator says so', async () => {
    const strict = { requireLeaseToken: true };
    await expect(complete({}, working(), strict)).rejects.toThrow(InvalidTask);
    await expect(complete({}, working(), strict)).rejects.toMatchObject({
      violations: [{ field: 'leaseToken', reason: 'required' }],
    });
    await expect(complete({ proof: { workerId: 'worker-1' } }, working(), strict)).rejects.toThrow(
      InvalidTask,
    );
    await expect(complete({ proof: { leaseToken: 'token-1' } }, working(), strict)).resolves.toBeDefined();
  });
});
