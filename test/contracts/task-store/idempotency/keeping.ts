import {
  InvalidTask,
  JsonDocument,
  PromptMismatch,
  QueueFull,
  RetriesExhausted,
  Task,
  TaskAlreadyFinal,
  TaskNotFound,
  TaskNotWaiting,
  type Decide,
} from '@task/domain';
import { ACTOR, CALL, draft, failure, RETRY, TASK_ID } from '../../../support/builders';
import { CountedKey } from '../../../support/counted-key';
import { only, proofOf } from '../../../support/test-queue';
import type { Subject } from '../../subject';
import { cancel, claimBy, working } from './keyed-queue';

const retry: Decide = (task, now) => task.retry(ACTOR, now);

export function describeKeptOutcomes(subject: () => Subject): void {
  describe('an outcome that is told again', () => {
    it('is the task as it was then, though more has happened', async () => {
      const { queue } = subject();
      const created = new CountedKey('create');
      const claimed = new CountedKey('claim');
      const failed = new CountedKey('fail');
      const retried = new CountedKey('retry');
      const first = only(await queue.createAll([{}], created));
      const task = only(await claimBy(queue, claimed));
      const outcome = await queue.update(
        task,
        (current, now) => current.fail(failure(), proofOf(task), RETRY, ACTOR, now),
        failed,
      );
      const back = await queue.update(task, retry, retried);
      await queue.complete(await queue.claimed(), JsonDocument.of(1));

      const { errorMessage, result } = (await queue.stored(task)).state;
      const texts = { errorMessage, result };
      expect(only(await queue.createAll([{}], created)).state).toEqual({ ...first.state, ...texts });
      expect((await queue.update(task, cancel, failed)).state).toEqual({ ...outcome.state, ...texts });
      expect((await queue.update(task, cancel, retried)).state).toEqual({ ...back.state, ...texts });
      expect(outcome.status).toBe('failed');
    });

    it('is a claim as it was made, though its lease was renewed since', async () => {
      const { queue } = subject();
      await queue.create();
      const key = new CountedKey('k');
      const claimed = only(await claimBy(queue, key));
      await queue.renew(claimed, { progress: 70, message: 'nearly' });
      const again = only(await claimBy(queue, key));
      expect(again.state.lease?.token).toBe(claimed.state.lease?.token);
      expect(again.state.version).toBe(claimed.state.version);
    });

    it('is the refusal of the first time, though it would pass now', async () => {
      const { queue } = subject();
      const task = await working(subject());
      const key = new CountedKey('k');
      await expect(queue.update(task, cancel, key)).rejects.toThrow(TaskNotWaiting);
      await queue.release(task);
      const again = queue.update(task, cancel, key);
      await expect(again).rejects.toThrow(TaskNotWaiting);
      await expect(again).rejects.toMatchObject({ taskId: task.id, status: 'working', command: 'cancel' });
      expect(key.replays).toBe(1);
      expect((await queue.stored(task)).status).toBe('waiting');
      await expect(queue.update(task, cancel, new CountedKey('another'))).resolves.toBeDefined();
    });

    it('is that there was no such task, though there is one now', async () => {
      const { queue } = subject();
      const key = new CountedKey('k');
      const update = (): Promise<Task> => queue.store.update(TASK_ID, cancel, CALL.signal, key);
      await expect(update()).rejects.toThrow(TaskNotFound);
      await queue.store.insert((now) => [Task.create(draft(), TASK_ID, ACTOR, now)], CALL.signal);
      await expect(update()).rejects.toThrow(TaskNotFound);
      await expect(update()).rejects.toMatchObject({ taskId: TASK_ID });
      expect(key.replays).toBe(2);
    });

    it.each<[string, (task: Task) => Error]>([
      ['PromptMismatch', () => new PromptMismatch(0.25, 0.8)],
      ['RetriesExhausted', ({ id }) => new RetriesExhausted(id, 3)],
      ['TaskAlreadyFinal', ({ id }) => new TaskAlreadyFinal(id, 'cancelled', 'complete')],
    ])('is %s with all its figures', async (_, refusalOf) => {
      const { queue } = subject();
      const task = await queue.create();
      const key = new CountedKey('k');
      const refusal = refusalOf(task);
      const refuse = (): never => {
        throw refusal;
      };
      await expect(queue.update(task, refuse, key)).rejects.toBe(refusal);
      const again: unknown = await queue.update(task, cancel, key).catch((error: unknown) => error);
      expect({ ...(again as Error), text: (again as Error).message }).toEqual({
        ...refusal,
        text: refusal.message,
      });
      expect((await queue.stored(task)).status).toBe('waiting');
    });

    it('is a refusal of one of several, with its place', async () => {
      const { queue } = subject();
      const key = new CountedKey('k');
      const refusal = new PromptMismatch(0.1, 0.8);
      refusal.index = 7;
      const insert = (refuses: boolean): Promise<readonly Task[]> =>
        queue.store.insert(
          () => {
            if (refuses) throw refusal;
            return [];
          },
          CALL.signal,
          key,
        );
      await expect(insert(true)).rejects.toBe(refusal);
      await expect(insert(false)).rejects.toMatchObject({ code: refusal.code, index: 7 });
    });
  });

  describe('what may turn out otherwise the next time', () => {
    it.each<[string, () => Error]>([
      ['a request that breaks a rule', () => new InvalidTask([])],
      ['a queue that is full', () => new QueueFull(3)],
      ['what nobody expected', () => new TypeError('boom')],
    ])('is not kept: %s', async (_, make) => {
      const { queue } = subject();
      const task = await queue.create();
      const key = new CountedKey('k');
      const error = make();
      const refuse = (): never => {
        throw error;
      };
      await expect(queue.store.insert(refuse, CALL.signal, key)).rejects.toBe(error);
      await expect(queue.update(task, refuse, key)).rejects.toBe(error);
      await expect(queue.store.claim({}, 1, refuse, CALL.signal, key)).rejects.toBe(error);
      expect(await queue.createAll([{}], key)).toHaveLength(1);
      expect(key.replays).toBe(0);
    });

    it('is of many tasks those that are held still', async () => {
      const { queue } = subject();
      await queue.createAll([{}, {}, {}]);
      const key = new CountedKey('many');
      const [gone, ...others] = await claimBy(queue, key, 3);
      if (gone === undefined) throw new Error('nothing was claimed');
      await queue.cancel(gone);
      const again = await claimBy(queue, key, 3);
      expect(again.map(({ id }) => id)).toEqual(others.map(({ id }) => id));
      expect(key.replays).toBe(1);
      for (const task of others) await queue.complete(task);
      expect(await claimBy(queue, key, 3)).toEqual([]);
    });

    it('is not kept: a claim that found nothing', async () => {
      const { queue } = subject();
      const key = new CountedKey('k');
      expect(await claimBy(queue, key)).toEqual([]);
      const task = await queue.create();
      expect(only(await claimBy(queue, key)).id).toBe(task.id);
      expect(key.replays).toBe(0);
    });

    it('is not kept: what nobody waited for, and was dropped', async () => {
      const { queue } = subject();
      const key = new CountedKey('k');
      const insert = (aborted: boolean): Promise<readonly Task[]> =>
        queue.store.insert((now) => [Task.create(draft(), queue.ids.taskId(), ACTOR, now)], { aborted }, key);
      await expect(insert(true)).rejects.toMatchObject({ fault: 'timed_out' });
      expect(await insert(false)).toHaveLength(1);
      expect(key.replays).toBe(0);
    });
  });
}
