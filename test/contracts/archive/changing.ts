import {
  JsonDocument,
  LeaseLost,
  RetriesExhausted,
  TaskAlreadyFinal,
  TaskArchived,
  TaskNotFound,
  type Task,
} from '@task/domain';
import { ACTOR, TASK_ID } from '../../support/builders';
import { CountedKey } from '../../support/counted-key';
import type { Subject } from '../subject';
import { archiveAll, archived } from './ended-tasks';

export function describeChanges(subject: () => Subject): void {
  describe('what would change an archived task', () => {
    const refusal = (done: Promise<unknown>): Promise<unknown> =>
      done.then(
        () => 'taken',
        (error: unknown) => error,
      );

    it('is refused as before where it was refused before', async () => {
      const { queue } = subject();
      const { completed, cancelled } = await archived(subject());
      for (const task of [completed, cancelled]) {
        expect(await refusal(queue.cancel(task))).toBeInstanceOf(TaskAlreadyFinal);
        expect(await refusal(queue.retry(task))).toBeInstanceOf(TaskAlreadyFinal);
      }
      expect(await refusal(queue.complete(completed, null, { leaseToken: 'other' }))).toBeInstanceOf(
        LeaseLost,
      );
    });

    it('is refused though a failed task could be retried or given up', async () => {
      const { queue } = subject();
      const { failed } = await archived(subject());
      const retry = await refusal(queue.retry(failed));
      expect(retry).toBeInstanceOf(TaskArchived);
      expect(retry).toMatchObject({ code: 'task.archived', status: 'failed', command: 'retry' });
      expect(await refusal(queue.cancel(failed))).toMatchObject({
        code: 'task.archived',
        command: 'cancel',
      });
      expect((await queue.stored(failed)).state).toEqual(failed.state);
      expect(await queue.history(failed)).toHaveLength(3);
    });

    it('is refused for want of retries where none are left', async () => {
      const { queue } = subject();
      await queue.create({ maxRetries: 0 });
      const failed = await queue.fail(await queue.claimed());
      await archiveAll(subject());
      expect(await refusal(queue.retry(failed))).toBeInstanceOf(RetriesExhausted);
    });

    it('names no task where there is none', async () => {
      await archived(subject());
      const nobody = subject().queue.store.update(TASK_ID, (task) => ({ task, effects: [] }), {
        aborted: false,
      });
      await expect(nobody).rejects.toThrow(TaskNotFound);
    });
  });

  it('tells a worker again what it completed, whose answer was lost', async () => {
    const { queue } = subject();
    const { completed } = await archived(subject());
    const again = await queue.complete(completed, JsonDocument.of({ lines: 3 }));
    expect(again.state).toEqual(completed.state);
  });

  it('tells outcomes again that are kept under a key', async () => {
    const { queue } = subject();
    const key = new CountedKey('k');
    const [created] = await queue.createAll([{}], key);
    await queue.complete(await queue.claimed());
    await archiveAll(subject());
    const [again] = await queue.createAll([{}], key);
    expect(key.replays).toBe(1);
    expect(again?.state).toEqual(created?.state);
  });

  it('keeps the refusal of an archived task under its key', async () => {
    const { queue } = subject();
    const { failed } = await archived(subject());
    const key = new CountedKey('k');
    const retry = (): Promise<Task> => queue.update(failed, (task, now) => task.retry(ACTOR, now), key);
    await expect(retry()).rejects.toThrow(TaskArchived);
    await expect(retry()).rejects.toThrow(TaskArchived);
    expect(key.replays).toBe(1);
  });
}
