import { StoreUnavailable, type Cancellation } from '@task/application';
import {
  JsonDocument,
  LeaseLost,
  RetriesExhausted,
  Task,
  TaskAlreadyFinal,
  TaskCancelled,
  TaskNotFailed,
  TaskNotFound,
  TaskNotWaiting,
  TaskNotWorking,
  type DomainError,
} from '@task/domain';
import { ACTOR, CALL, draft, TASK_ID } from '../../support/builders';
import type { TestQueue } from '../../support/test-queue';
import type { Subject } from '../subject';

type Refused = new (...args: never[]) => DomainError;
type Command = (queue: TestQueue, task: Task) => Promise<unknown>;

const waiting = (queue: TestQueue): Promise<Task> => queue.create();
const working = async (queue: TestQueue, maxRetries = 3): Promise<Task> => {
  await queue.create({ maxRetries });
  return queue.claimed();
};
const completed = async (queue: TestQueue): Promise<Task> => queue.complete(await working(queue));
const exhausted = async (queue: TestQueue): Promise<Task> => queue.fail(await working(queue, 0));
const cancelled = async (queue: TestQueue): Promise<Task> => queue.cancel(await working(queue));

const stranger = { leaseToken: 'a token that nobody was given' };

const REFUSALS: readonly [string, (queue: TestQueue) => Promise<Task>, Command, Refused][] = [
  ['completing a waiting task', waiting, (queue, task) => queue.complete(task, null, {}), TaskNotWorking],
  ['completing by another token', working, (queue, task) => queue.complete(task, null, stranger), LeaseLost],
  [
    'failing by another worker',
    working,
    (queue, task) => queue.fail(task, {}, { workerId: 'w-2' }),
    LeaseLost,
  ],
  ['completing a cancelled task', cancelled, (queue, task) => queue.complete(task), TaskCancelled],
  [
    'completing otherwise',
    completed,
    (queue, task) => queue.complete(task, JsonDocument.of(1)),
    TaskAlreadyFinal,
  ],
  [
    'cancelling a working task unforced',
    working,
    (queue, task) => queue.cancel(task, null, false),
    TaskNotWaiting,
  ],
  ['cancelling a completed task', completed, (queue, task) => queue.cancel(task), TaskAlreadyFinal],
  ['cancelling twice', cancelled, (queue, task) => queue.cancel(task), TaskAlreadyFinal],
  ['retrying a waiting task', waiting, (queue, task) => queue.retry(task), TaskNotFailed],
  ['retrying once too often', exhausted, (queue, task) => queue.retry(task), RetriesExhausted],
  ['releasing by another token', working, (queue, task) => queue.release(task, null, stranger), LeaseLost],
];

const NO_IDS = [
  '',
  ' ',
  'no-uuid',
  '1',
  "' OR 1=1 --",
  '\0',
  '\ud800',
  '任务',
  'x'.repeat(10_000),
  `{${TASK_ID}}`,
  TASK_ID.replaceAll('-', ''),
  `urn:uuid:${TASK_ID}`,
  ` ${TASK_ID}`,
  `${TASK_ID}0`,
  `${TASK_ID}\n`,
];

export function describeRefusals(subject: () => Subject): void {
  describe('refusing', () => {
    it.each(REFUSALS)('changes nothing: %s', async (_, given, command, refusal) => {
      const { queue } = subject();
      const task = await given(queue);
      const before = await everything(queue);
      await expect(command(queue, task)).rejects.toThrow(refusal);
      expect(await everything(queue)).toEqual(before);
    });

    it('takes the same completion again, and changes nothing', async () => {
      const { queue } = subject();
      const task = await working(queue);
      const result = JsonDocument.of({ ok: true });
      const first = await queue.complete(task, result);
      const before = await everything(queue);
      expect((await queue.complete(task, result)).state).toEqual(first.state);
      expect(await everything(queue)).toEqual(before);
    });

    it('throws on what it did not expect, unchanged, and goes on', async () => {
      const { queue } = subject();
      const task = await queue.create();
      const before = await everything(queue);
      const boom = new TypeError('boom');
      const update = queue.update(task, () => {
        throw boom;
      });
      await expect(update).rejects.toBe(boom);
      expect(await everything(queue)).toEqual(before);
      expect(await queue.claimed()).toMatchObject({ id: task.id });
    });
  });

  describe('looking for a task', () => {
    const id = '0aBcDeF0-1234-4abc-8def-0123456789aB';
    const insert = ({ queue }: Subject, as: string): Promise<unknown> =>
      queue.store.insert((now) => [Task.create(draft(), as, ACTOR, now)], CALL.signal);

    it.each([...NO_IDS, TASK_ID])('finds none by %j', async (text) => {
      const { queue } = subject();
      await insert(subject(), '11111111-1111-4111-8111-111111111112');
      expect(await queue.store.find(text)).toBeNull();
      expect(await queue.store.history(text)).toBeNull();
      const update = queue.store.update(text, (task) => ({ task, effects: [] }), CALL.signal);
      await expect(update).rejects.toThrow(TaskNotFound);
      await expect(update).rejects.toMatchObject({ taskId: text });
    });

    it.each(NO_IDS.slice(9))('finds none by %j, though that UUID is there', async (text) => {
      await insert(subject(), TASK_ID);
      expect(await subject().queue.store.find(text)).toBeNull();
    });

    it('takes a UUID in either case', async () => {
      const { store } = subject().queue;
      await insert(subject(), id.toLowerCase());
      for (const spelling of [id, id.toLowerCase(), id.toUpperCase()]) {
        expect(await store.find(spelling)).toMatchObject({ id: id.toLowerCase() });
        expect(await store.history(spelling)).toHaveLength(1);
        await store.update(spelling, (task) => ({ task, effects: [] }), CALL.signal);
      }
    });
  });

  describe('a command that nobody waits for any more', () => {
    const gone: Cancellation = { aborted: true };

    it('is dropped before it runs', async () => {
      const { queue } = subject();
      const task = await queue.create();
      const before = await everything(queue);
      const run = (): never => {
        throw new Error('it ran');
      };
      const outcomes = await Promise.allSettled([
        queue.store.insert(run, gone),
        queue.store.update(task.id, run, gone),
        queue.store.claim({}, 1, run, gone),
      ]);
      for (const outcome of outcomes) {
        expect(outcome).toMatchObject({ status: 'rejected', reason: { fault: 'timed_out' } });
        expect(outcome).toHaveProperty('reason', expect.any(StoreUnavailable));
      }
      expect(await everything(queue)).toEqual(before);
    });

    it('is done, or not, as it was answered, when its caller goes while it is on its way', async () => {
      const { queue } = subject();
      const signals = Array.from({ length: 20 }, () => ({ aborted: false }));
      const creations = signals.map((signal) =>
        queue.store.insert((now) => [Task.create(draft(), queue.ids.taskId(), ACTOR, now)], signal),
      );
      for (const signal of signals.slice(10)) signal.aborted = true;
      const outcomes = await Promise.allSettled(creations);
      const done = outcomes.flatMap((one) =>
        one.status === 'fulfilled' ? one.value.map(({ id }) => id) : [],
      );
      expect(done.length).toBeGreaterThanOrEqual(10);
      expect((await queue.all()).map(({ id }) => id)).toEqual(done);
    });
  });
}

/** All that a command could have changed. */
async function everything(queue: TestQueue): Promise<unknown> {
  return {
    tasks: await queue.all(),
    events: await queue.events(),
    counts: await queue.store.countByStatus(),
  };
}
