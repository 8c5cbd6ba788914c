import {
  JsonDocument,
  Task,
  TASK_STATUSES,
  TaskAlreadyFinal,
  TaskCancelled,
  TaskNotFailed,
  type TaskStatus,
} from '@task/domain';
import { expectSound } from '../../support/checker';
import { observeStore } from '../../support/checking/observed';
import { ACTOR, CALL, draft } from '../../support/builders';
import { RecordedQueue } from '../../support/recorded-queue';
import { Recorder } from '../../support/recorder';
import type { TestQueue } from '../../support/test-queue';
import type { Subject } from '../subject';

interface Outcomes<T> {
  readonly done: readonly T[];
  readonly refused: readonly unknown[];
}

async function settled<T>(commands: readonly Promise<T>[]): Promise<Outcomes<T>> {
  const outcomes = await Promise.allSettled(commands);
  return {
    done: outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : [])),
    refused: outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason] : [])),
  };
}

function times<T>(count: number, make: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => make(index));
}

export function describeRaces(subject: () => Subject): void {
  const working = async (): Promise<Task> => {
    const { queue } = subject();
    await queue.create();
    return queue.claimed();
  };
  const commandsOf = async (task: Task): Promise<string[]> =>
    (await subject().queue.history(task)).map(({ command }) => command);

  describe('at the same time', () => {
    it('50 claims of 20 tasks hand out each of them once', async () => {
      const { queue } = subject();
      const created = await queue.createAll(times(20, () => ({})));
      const claims = await Promise.all(times(50, () => queue.claim()));
      const claimed = claims.filter((task) => task !== null);
      expect(claimed.map(({ id }) => id).sort()).toEqual(created.map(({ id }) => id).sort());
      expect(new Set(claimed.map(({ state }) => state.lease?.token)).size).toBe(20);
      expect(claimed.every(({ attempt }) => attempt === 1)).toBe(true);
    });

    it('claims by filter hand out each task once', async () => {
      const { queue } = subject();
      await queue.createAll(times(20, (index) => ({ taskType: index % 2 === 0 ? 'even' : 'odd' })));
      const filters = [{}, { taskTypes: ['even'] }, { taskTypes: ['odd'] }, { taskTypes: ['even', 'odd'] }];
      const claims = await Promise.all(times(80, (index) => queue.claim(filters[index % 4])));
      const claimed = claims.filter((task) => task !== null).map(({ id }) => id);
      expect(claimed).toHaveLength(20);
      expect(new Set(claimed).size).toBe(20);
    });

    it('the same completion by the same token is done once and answered alike', async () => {
      const { queue } = subject();
      const task = await working();
      const result = JsonDocument.of({ ok: true });
      const answers = await Promise.all(times(10, () => queue.complete(task, result)));
      expect(answers.map(({ state }) => state)).toEqual(times(10, () => answers[0]?.state));
      expect(await commandsOf(task)).toEqual(['create', 'claim', 'complete']);
    });

    it('of different completions one wins', async () => {
      const { queue } = subject();
      const task = await working();
      const { done, refused } = await settled(
        times(5, (index) => queue.complete(task, JsonDocument.of(index))),
      );
      expect(done).toHaveLength(1);
      expect(refused.every((reason) => reason instanceof TaskAlreadyFinal)).toBe(true);
      expect((await queue.stored(task)).state).toEqual(done[0]?.state);
    });

    it('of a completion and a cancellation one wins', async () => {
      const { queue } = subject();
      for (const task of [await working(), await working(), await working(), await working()]) {
        const { done, refused } = await settled([queue.complete(task), queue.cancel(task)]);
        expect(done).toHaveLength(1);
        const [reason] = refused;
        expect(reason instanceof TaskCancelled || reason instanceof TaskAlreadyFinal).toBe(true);
        expect((await queue.stored(task)).state).toEqual(done[0]?.state);
        expect(await commandsOf(task)).toHaveLength(3);
      }
    });

    it('of many retries one counts', async () => {
      const { queue } = subject();
      const task = await queue.fail(await working());
      const { done, refused } = await settled(times(10, () => queue.retry(task)));
      expect(done).toHaveLength(1);
      expect(refused.every((reason) => reason instanceof TaskNotFailed)).toBe(true);
      expect((await queue.stored(task)).state).toMatchObject({ retryCount: 1, version: 4 });
    });

    it('a refused command takes no neighbour with it', async () => {
      const { queue } = subject();
      const held = await working();
      await queue.create();
      const boom = new Error('boom');
      const thrower = (): never => {
        throw boom;
      };
      const { done, refused } = await settled<unknown>([
        ...times(5, () => queue.create()),
        queue.store.insert(thrower, CALL.signal),
        queue.store.insert(
          (now) => [Task.create(draft(), queue.ids.taskId(), ACTOR, now), thrower()],
          CALL.signal,
        ),
        queue.update(held, thrower),
        queue.store.claim({}, 1, thrower, CALL.signal),
        queue.complete(held),
        ...times(5, () => queue.create()),
      ]);
      expect(done).toHaveLength(11);
      expect(refused).toEqual([boom, boom, boom, boom]);
      expect(await queue.store.countByStatus()).toMatchObject({ waiting: 11, working: 0, completed: 1 });
    });

    it('what was acknowledged is there for whoever looks', async () => {
      const { queue } = subject();
      const looks = times(30, async () => {
        const task = await queue.create();
        const [found, history, listed] = await Promise.all([
          queue.store.find(task.id),
          queue.store.history(task.id),
          queue.all(),
        ]);
        return (
          [found?.id, history?.length, listed.some(({ id }) => id === task.id)].toString() ===
          `${task.id},1,true`
        );
      });
      expect(await Promise.all(looks)).toEqual(times(30, () => true));
    });

    it('writers number their events without a gap, each task’s in its own order', async () => {
      const { queue } = subject();
      await Promise.all(
        times(40, async (index) => {
          await queue.create({ priority: 1 + (index % 10) });
          const task = await queue.claimed();
          await (index % 2 === 0 ? queue.complete(task) : queue.fail(task));
        }),
      );
      const events = await queue.events();
      expect(events.map(({ eventId }) => eventId)).toEqual(times(120, (index) => index + 1));
      for (const task of await queue.all()) {
        const own = events.filter(({ taskId }) => taskId === task.id);
        expect(own.map(({ version }) => version)).toEqual([1, 2, 3]);
        expect(own).toEqual(await queue.history(task));
      }
    });

    it('commands of every kind leave a sound store behind', async () => {
      const { queue } = subject();
      const recorder = new Recorder();
      const recorded = new RecordedQueue(queue, recorder);
      await Promise.all(times(8, (index) => workALot(recorded, queue, index)));
      const observed = await observeStore(queue.store);
      expectSound(recorder.log, observed);
      expect(new Set(observed.transitions.map(({ command }) => command)).size).toBe(7);
      const count = (status: TaskStatus): number =>
        observed.tasks.filter((task) => task.status === status).length;
      const recount = Object.fromEntries(TASK_STATUSES.map((status) => [status, count(status)]));
      expect(await queue.store.countByStatus()).toEqual(recount);
    });
  });
}

/** One of several clients who do 25 things each, all of them on the same tasks. */
async function workALot(recorded: RecordedQueue, queue: TestQueue, client: number): Promise<void> {
  for (let step = 0; step < 25; step += 1) {
    const choice = (step * 7 + client * 3) % 10;
    if (choice < 4) await recorded.create(1 + choice);
    else if (choice < 8) await finish(recorded, await recorded.claim(), choice);
    else await meddle(recorded, (await queue.all())[(step * 5 + client) % 20], choice);
  }
}

async function finish(recorded: RecordedQueue, task: Task | null, choice: number): Promise<void> {
  if (task === null) return;
  if (choice === 4) await Promise.allSettled([recorded.complete(task), recorded.release(task)]);
  if (choice === 5)
    await Promise.allSettled([recorded.fail(task), recorded.complete(task), recorded.cancel(task)]);
  if (choice === 6) await Promise.allSettled([recorded.release(task), recorded.release(task)]);
  if (choice === 7)
    await Promise.allSettled([recorded.fail(task), recorded.retry(task), recorded.retry(task)]);
}

/** Others got there first, as often as not. */
async function meddle(recorded: RecordedQueue, task: Task | undefined, choice: number): Promise<void> {
  if (task === undefined) return;
  await Promise.allSettled([choice === 8 ? recorded.cancel(task) : recorded.retry(task)]);
}
