import type { IdempotencyKey } from '@task/application';
import {
  IdempotencyKeyReused,
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
import { ACTOR, CALL, draft, failure, RETRY, TASK_ID } from '../../support/builders';
import { CountedKey } from '../../support/counted-key';
import { only, proofOf, type TestQueue } from '../../support/test-queue';
import type { Subject } from '../subject';

const complete =
  (task: Task, result: JsonDocument | null = null): Decide =>
  (current, now) =>
    current.complete(result, proofOf(task), ACTOR, now);
const cancel: Decide = (task, now) => task.cancel(null, false, ACTOR, now);
const retry: Decide = (task, now) => task.retry(ACTOR, now);

/** All that a command could have changed. */
async function everything({ queue }: Subject): Promise<unknown> {
  return {
    tasks: await queue.all(),
    events: await queue.events(),
    counts: await queue.store.countByStatus(),
  };
}

const claimBy = (queue: TestQueue, key: IdempotencyKey, limit = 1): Promise<readonly Task[]> =>
  queue.claimUpTo(limit, {}, {}, key);

export function describeIdempotency(subject: () => Subject): void {
  const working = async (changes: Parameters<TestQueue['create']>[0] = {}): Promise<Task> => {
    await subject().queue.create(changes);
    return subject().queue.claimed();
  };

  describe('the same idempotency key again', () => {
    it('creates nothing, and answers with the tasks of the first time, in their order', async () => {
      const { queue } = subject();
      const key = new CountedKey('k');
      const first = await queue.createAll([{ priority: 1 }, { priority: 9 }, {}], key);
      expect(key.replays).toBe(0);
      const before = await everything(subject());
      const again = await queue.createAll([{ priority: 1 }, { priority: 9 }, {}], key);
      expect(again.map(({ state }) => state)).toEqual(first.map(({ state }) => state));
      expect(key.replays).toBe(1);
      expect(await everything(subject())).toEqual(before);
    });

    it('changes nothing, and answers with the task of the first time', async () => {
      const { queue } = subject();
      const task = await working();
      const key = new CountedKey('k');
      const result = JsonDocument.of({ lines: 3 });
      const first = await queue.update(task, complete(task, result), key);
      const before = await everything(subject());
      let isDecided = false;
      const again = await queue.update(
        task,
        (current) => {
          isDecided = true;
          return { task: current, effects: [] };
        },
        key,
      );
      expect(again.state).toEqual(first.state);
      expect([key.replays, isDecided]).toEqual([1, false]);
      expect(await everything(subject())).toEqual(before);
    });

    it('hands out the same task', async () => {
      const { queue } = subject();
      await queue.createAll([{}, {}]);
      const key = new CountedKey('k');
      const first = only(await claimBy(queue, key));
      const again = only(await claimBy(queue, key));
      expect(again.state).toEqual(first.state);
      expect(key.replays).toBe(1);
      expect(await queue.store.countByStatus()).toMatchObject({ waiting: 1, working: 1 });
    });

    it('answers as often as asked', async () => {
      const { queue } = subject();
      const key = new CountedKey('k');
      const { id } = only(await queue.createAll([{}], key));
      for (let times = 1; times <= 5; times += 1) {
        expect(only(await queue.createAll([{}], key)).id).toBe(id);
        expect(key.replays).toBe(times);
      }
    });

    it('is another one when a letter is', async () => {
      const { queue } = subject();
      const keys = ['k', 'K', 'k ', 'kk', 'ключ', '钥匙 😀', "k' OR '1'='1", 'x'.repeat(500)];
      const tasks = await Promise.all(keys.map((key) => queue.createAll([{}], new CountedKey(key))));
      expect(new Set(tasks.map((list) => only(list).id)).size).toBe(keys.length);
      for (const [index, key] of keys.entries()) {
        expect(only(await queue.createAll([{}], new CountedKey(key))).id).toBe(only(tasks[index] ?? []).id);
      }
    });

    it('stands for nothing where no task was asked for', async () => {
      const { queue } = subject();
      const key = new CountedKey('k');
      expect(await queue.createAll([], key)).toEqual([]);
      expect(await queue.createAll([], key)).toEqual([]);
      expect(key.replays).toBe(0);
    });
  });

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
      const task = await working();
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

  describe('a key that comes with another request', () => {
    it('is refused, and nothing is done', async () => {
      const { queue } = subject();
      const task = await working();
      await queue.create();
      const keys = { create: new CountedKey('c'), update: new CountedKey('u'), claim: new CountedKey('l') };
      await queue.createAll([{}], keys.create);
      await queue.update(task, complete(task), keys.update);
      await claimBy(queue, keys.claim);
      const before = await everything(subject());
      for (const key of Object.values(keys)) {
        const other = key.forAnother();
        await expect(queue.createAll([{}], other)).rejects.toThrow(IdempotencyKeyReused);
        await expect(queue.update(task, cancel, other)).rejects.toThrow(IdempotencyKeyReused);
        await expect(claimBy(queue, other)).rejects.toThrow(IdempotencyKeyReused);
        expect(other.replays).toBe(0);
      }
      expect(await everything(subject())).toEqual(before);
    });

    it('is refused also where the first outcome was a refusal', async () => {
      const { queue } = subject();
      const task = await working();
      const key = new CountedKey('k');
      await expect(queue.update(task, cancel, key)).rejects.toThrow(TaskNotWaiting);
      await expect(queue.update(task, cancel, key.forAnother())).rejects.toThrow(IdempotencyKeyReused);
    });

    it('is refused also when the lease has ended that it stands for', async () => {
      const { queue } = subject();
      await queue.createAll([{}, {}]);
      const key = new CountedKey('k');
      await queue.complete(only(await claimBy(queue, key)));
      await expect(claimBy(queue, key.forAnother())).rejects.toThrow(IdempotencyKeyReused);
      expect(await queue.store.countByStatus()).toMatchObject({ waiting: 1, working: 0 });
    });

    it('is still good for its own request', async () => {
      const { queue } = subject();
      const key = new CountedKey('k');
      const { id } = only(await queue.createAll([{}], key));
      await expect(claimBy(queue, key.forAnother())).rejects.toThrow(IdempotencyKeyReused);
      expect(only(await queue.createAll([{}], key)).id).toBe(id);
    });
  });

  describe('a claim’s key', () => {
    it('stands for its lease as long as that lives', async () => {
      const { queue } = subject();
      await queue.createAll([{}, {}]);
      const key = new CountedKey('k');
      const task = only(await claimBy(queue, key));
      await queue.renew(task);
      expect(only(await claimBy(queue, key)).id).toBe(task.id);
    });

    it.each<[string, (queue: TestQueue, task: Task) => Promise<unknown>]>([
      ['completed', (queue, task) => queue.complete(task)],
      ['failed', (queue, task) => queue.fail(task)],
      ['released', (queue, task) => queue.release(task)],
      ['cancelled', (queue, task) => queue.cancel(task)],
      ['expired', (queue, task) => queue.update(task, (current, now) => current.expire(now))],
    ])('is free for another task once its own is %s', async (_, end) => {
      const { queue } = subject();
      await queue.createAll([{ prompt: 'first' }, { prompt: 'second' }]);
      const key = new CountedKey('k');
      const first = only(await claimBy(queue, key));
      await end(queue, first);
      const second = only(await claimBy(queue, key));
      expect(second.state.lease?.token).not.toBe(first.state.lease?.token);
      expect(second.status).toBe('working');
      expect(key.replays).toBe(0);
      expect(only(await claimBy(queue, key)).state.lease?.token).toBe(second.state.lease?.token);
      expect(key.replays).toBe(1);
    });

    it('is free when its task has gone to somebody else', async () => {
      const { queue } = subject();
      await queue.createAll([{ prompt: 'first' }, { prompt: 'second' }]);
      const key = new CountedKey('k');
      await queue.release(only(await claimBy(queue, key)));
      const taken = await queue.claimed({}, { workerId: 'worker-2' });
      expect(only(await claimBy(queue, key)).id).not.toBe(taken.id);
    });

    it('stands for several tasks at once', async () => {
      const { queue } = subject();
      await queue.createAll([{}, {}, {}, {}]);
      const key = new CountedKey('k');
      const claimed = await claimBy(queue, key, 3);
      const again = await claimBy(queue, key, 3);
      expect(again.map(({ state }) => state)).toEqual(claimed.map(({ state }) => state));
      expect(await queue.store.countByStatus()).toMatchObject({ waiting: 1, working: 3 });
    });
  });

  describe('the same key at the same moment', () => {
    it('creates once', async () => {
      const { queue } = subject();
      const key = new CountedKey('k');
      const answers = await Promise.all(Array.from({ length: 10 }, () => queue.createAll([{}], key)));
      expect(new Set(answers.map((tasks) => only(tasks).id)).size).toBe(1);
      expect(await queue.all()).toHaveLength(1);
      expect(key.replays).toBe(9);
    });

    it('claims once', async () => {
      const { queue } = subject();
      await queue.createAll([{}, {}, {}]);
      const key = new CountedKey('k');
      const answers = await Promise.all(Array.from({ length: 10 }, () => claimBy(queue, key)));
      expect(new Set(answers.map((tasks) => only(tasks).state.lease?.token)).size).toBe(1);
      expect(await queue.store.countByStatus()).toMatchObject({ waiting: 2, working: 1 });
      expect(await queue.drain()).toHaveLength(2);
    });

    it('finishes once', async () => {
      const { queue } = subject();
      const task = await working();
      const key = new CountedKey('k');
      const answers = await Promise.all(
        Array.from({ length: 10 }, () => queue.update(task, complete(task), key)),
      );
      expect(answers.map(({ state }) => state)).toEqual(answers.map(() => answers[0]?.state));
      expect(await queue.history(task)).toHaveLength(3);
      expect(key.replays).toBe(9);
    });

    it('refuses the one of two that asks for something else', async () => {
      const { queue } = subject();
      const key = new CountedKey('k');
      const outcomes = await Promise.allSettled([
        queue.createAll([{}], key),
        queue.createAll([{}], key.forAnother()),
      ]);
      expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
      expect(outcomes.find(({ status }) => status === 'rejected')).toMatchObject({
        reason: { code: 'idempotency.key_reused' },
      });
      expect(await queue.all()).toHaveLength(1);
    });

    it('goes unnoticed by its neighbours', async () => {
      const { queue } = subject();
      const key = new CountedKey('k');
      const [first, , again] = await Promise.all([
        queue.createAll([{}], key),
        queue.createAll([{}]),
        queue.createAll([{}], key),
        queue.createAll([{}], new CountedKey('another')),
      ]);
      expect(only(again).id).toBe(only(first).id);
      expect((await queue.all()).map(({ id }) => id)).toHaveLength(3);
      expect((await queue.events()).map(({ eventId }) => eventId)).toEqual([1, 2, 3]);
    });
  });
}
