import { JsonDocument, type DependencyPolicy, type Task } from '@task/domain';
import { RETRY, TASK_ID } from '../../support/builders';
import { proofOf } from '../../support/test-queue';
import { untilTime, type Subject } from '../subject';

const FAR_FUTURE = Date.UTC(2200, 0, 1);
const RESULT = JsonDocument.fromText('{"answer":42}');

/** What is told of a task that waits: why, and for how many. */
const waits = ({ state: { status, gate, needs } }: Task): unknown => [status, gate, needs?.pending ?? null];

export function describeDependencies(subject: () => Subject): void {
  const on = (dependencies: readonly Task[], policy?: DependencyPolicy): Promise<Task> =>
    subject().queue.createOn(dependencies, policy);
  const nowOf = (task: Task): Promise<Task> => subject().queue.stored(task);
  const finish = async (task: Task): Promise<Task> => {
    const { queue } = subject();
    const claimed = await queue.claimed();
    expect(claimed.id).toBe(task.id);
    return queue.complete(claimed, RESULT);
  };
  const failFirst = async (): Promise<Task> => {
    const { queue } = subject();
    return queue.fail(await queue.claimed(), { retryable: false });
  };

  describe('dependencies', () => {
    it('keep a task from being claimed until all of them are completed', async () => {
      const { queue } = subject();
      const [first, second] = (await queue.createAll([{}, {}])) as [Task, Task];
      const last = await on([first, second]);
      expect(waits(last)).toEqual(['waiting', 'blocked', 2]);
      expect(await queue.store.placeInLine(last.id)).toBe(0);
      await finish(first);
      await queue.tellAll();
      expect(waits(await nowOf(last))).toEqual(['waiting', 'blocked', 1]);
      await finish(second);
      expect(await queue.claim()).toBeNull();
      await queue.tellAll();
      expect(waits(await nowOf(last))).toEqual(['waiting', 'ready', 0]);
      expect((await queue.claimed()).id).toBe(last.id);
    });

    it('count when they are completed already', async () => {
      const { queue } = subject();
      const first = await queue.create();
      await finish(first);
      const second = await queue.create();
      const last = await on([await nowOf(first), second]);
      expect(waits(last)).toEqual(['waiting', 'blocked', 1]);
      await finish(second);
      await queue.tellAll();
      expect(waits(await nowOf(last))).toEqual(['waiting', 'ready', 0]);
    });

    it('count once, whatever happens to them later', async () => {
      const { queue } = subject();
      const [first, second] = (await queue.createAll([{}, {}])) as [Task, Task];
      const last = await on([first, second], 'run');
      await failFirst();
      await queue.tellAll();
      expect(waits(await nowOf(last))).toEqual(['waiting', 'blocked', 1]);
      await queue.retry(await nowOf(first));
      await finish(first);
      await queue.tellAll();
      expect(waits(await nowOf(last))).toEqual(['waiting', 'blocked', 1]);
      await finish(second);
      await queue.tellAll();
      expect(waits(await nowOf(last))).toEqual(['waiting', 'ready', 0]);
    });

    it('leave the time for which a task is scheduled as it was', async () => {
      const { queue } = subject();
      const first = await queue.create();
      const scheduled = await queue.createOn([first], 'wait', { availableAt: FAR_FUTURE });
      expect(waits(scheduled)).toEqual(['waiting', 'blocked', 1]);
      await finish(first);
      await queue.tellAll();
      expect(waits(await nowOf(scheduled))).toEqual(['waiting', 'scheduled', 0]);
      expect(await queue.store.nextDueAt()).toBe(FAR_FUTURE);
    });

    it('that fail are waited for, and healed by a retry', async () => {
      const { queue } = subject();
      const first = await queue.create();
      const last = await on([first]);
      await failFirst();
      await queue.tellAll();
      expect(waits(await nowOf(last))).toEqual(['waiting', 'blocked', 1]);
      await queue.retry(await nowOf(first));
      await finish(first);
      await queue.tellAll();
      expect(waits(await nowOf(last))).toEqual(['waiting', 'ready', 0]);
    });

    it('that fail take a task with them that wants it so, and all behind it', async () => {
      const { queue } = subject();
      const first = await queue.create();
      const second = await on([first], 'cancel');
      const third = await on([second], 'cancel');
      const all = await on([third], 'run');
      await failFirst();
      await queue.tellAll();
      const gone = await Promise.all([second, third].map(nowOf));
      expect(gone.map(({ state }) => [state.status, state.cancelReason])).toEqual([
        ['cancelled', `depends on ${first.id}, which is failed`],
        ['cancelled', `depends on ${second.id}, which is cancelled`],
      ]);
      expect(waits(await nowOf(all))).toEqual(['waiting', 'ready', 0]);
      expect((await queue.history(second)).map(({ command }) => command)).toEqual(['create', 'cancel']);
    });

    it('that have failed already take a new task with them at once', async () => {
      const { queue } = subject();
      const first = await queue.create();
      await failFirst();
      const last = await on([await nowOf(first)], 'cancel');
      expect(last.status).toBe('cancelled');
      expect((await queue.history(last)).map(({ to }) => to)).toEqual(['waiting', 'cancelled']);
      expect(waits(await on([await nowOf(first)], 'run'))).toEqual(['waiting', 'ready', 0]);
    });

    it('that go back by themselves have not failed', async () => {
      const { queue } = subject();
      const first = await queue.create({ autoRetry: true });
      const last = await on([first], 'cancel');
      const failed = await queue.fail(await queue.claimed());
      await queue.tellAll();
      expect(waits(await nowOf(last))).toEqual(['waiting', 'blocked', 1]);
      await untilTime(subject(), failed.state.availableAt ?? 0);
      await finish(first);
      await queue.tellAll();
      expect(waits(await nowOf(last))).toEqual(['waiting', 'ready', 0]);
    }, 30_000);

    it('that time out for good have failed', async () => {
      const { queue } = subject();
      const first = await queue.create({ timeoutSeconds: 1 });
      const last = await on([first], 'cancel');
      const claimed = await queue.claimed();
      await untilTime(subject(), claimed.state.lease?.timeoutAt ?? 0);
      await queue.lapse(10, RETRY);
      await queue.tellAll();
      expect((await nowOf(last)).status).toBe('cancelled');
    });

    it('do not bring back a task that was cancelled meanwhile', async () => {
      const { queue } = subject();
      const first = await queue.create();
      const last = await on([first]);
      await queue.cancel(last);
      await finish(first);
      await queue.tellAll();
      expect((await nowOf(last)).status).toBe('cancelled');
    });

    it('are told to many in steps, whose sum is all', async () => {
      const { queue } = subject();
      const first = await queue.create();
      const many = await queue.createAllOn([first], 25);
      await finish(first);
      let steps = 0;
      while ((await queue.tell(10)) > 0) steps += 1;
      expect(steps).toBeGreaterThanOrEqual(3);
      const told = await Promise.all(many.map(nowOf));
      expect(told.map(waits)).toEqual(many.map(() => ['waiting', 'ready', 0]));
    });

    it('that nobody has been told of yet survive a new start', async () => {
      const before = subject();
      const first = await before.queue.create();
      const last = await on([first]);
      await finish(first);
      const after = before.canReopen ? await before.reopen() : before;
      await after.queue.tellAll();
      expect(waits(await after.queue.stored(last))).toEqual(['waiting', 'ready', 0]);
    });

    it('are read with their results, and so is who depends on a task', async () => {
      const { queue } = subject();
      const [first, second] = (await queue.createAll([{}, {}])) as [Task, Task];
      const last = await on([second, first]);
      await finish(first);
      await queue.tellAll();
      const read = await queue.store.dependenciesOf(
        [last.id.toUpperCase(), first.id, TASK_ID, 'none'],
        1_000,
      );
      expect([...read.keys()]).toEqual([last.id]);
      expect(read.get(last.id)?.map(({ result, ...rest }) => ({ ...rest, result: result?.text }))).toEqual([
        { taskId: first.id, status: 'completed', result: RESULT.text, resultBytes: 13, isSettled: true },
        { taskId: second.id, status: 'waiting', result: undefined, resultBytes: 0, isSettled: false },
      ]);
      const other = await on([first]);
      const page = await queue.store.dependentsOf(first.id, 0, 1);
      expect(page).toMatchObject([{ taskId: last.id, status: 'waiting', isSettled: true }]);
      const rest = await queue.store.dependentsOf(first.id, page[0]?.place ?? 0, 10);
      expect(rest).toMatchObject([{ taskId: other.id, status: 'waiting', isSettled: true }]);
      expect(await queue.store.dependentsOf('nothing', 0, 10)).toEqual([]);
    });

    it('are read with as many of their results as fit, each task by itself', async () => {
      const { queue } = subject();
      const texts = ['"éé"', '"much too long to fit"', '[1,2]', '"one more"', '1'];
      const done: Task[] = [];
      for (const text of texts) {
        const task = await queue.create();
        await queue.complete(await queue.claimed(), JsonDocument.fromText(text));
        done.push(task);
      }
      const all = await on(done);
      const two = await on(done.slice(3));
      const read = await queue.store.dependenciesOf([all.id, two.id], 12);
      const shown = ({ id }: Task): unknown =>
        read.get(id)?.map(({ result, resultBytes }) => [result?.text, resultBytes]);
      expect(shown(all)).toEqual([
        ...[
          ['"éé"', 6],
          [undefined, 22],
          ['[1,2]', 5],
        ],
        ...[
          [undefined, 10],
          [undefined, 1],
        ],
      ]);
      expect(shown(two)).toEqual([
        ['"one more"', 10],
        ['1', 1],
      ]);
      const none = await queue.store.dependenciesOf([two.id], 0);
      expect(none.get(two.id)?.map(({ result }) => result)).toEqual([null, null]);
    });

    it('count once, however many look at the same time', async () => {
      const { queue } = subject();
      const [first, second] = (await queue.createAll([{}, {}])) as [Task, Task];
      const last = await on([first, second]);
      await finish(first);
      await Promise.all([queue.tell(), queue.tell(1), queue.tell()]);
      expect(waits(await nowOf(last))).toEqual(['waiting', 'blocked', 1]);
      await finish(second);
      await queue.tellAll();
      expect(waits(await nowOf(last))).toEqual(['waiting', 'ready', 0]);
    });

    it('are found only where they were asked for', async () => {
      const { queue } = subject();
      const first = await queue.create();
      const found: (Task | undefined)[] = [];
      await queue.store.insert(
        (_, __, find) => {
          found.push(find(first.id), find(TASK_ID));
          return [];
        },
        { aborted: false },
        undefined,
        [TASK_ID, 'no id at all'],
      );
      expect(found).toEqual([undefined, undefined]);
    });

    it('leave a task as it was when one of the same commands completes it', async () => {
      const { queue } = subject();
      const first = await queue.create();
      const claimed = await queue.claimed();
      const [, last] = await Promise.all([queue.complete(claimed, null, proofOf(claimed)), on([first])]);
      await queue.tellAll();
      expect(waits(await nowOf(last))).toEqual(['waiting', 'ready', 0]);
    });
  });
}
