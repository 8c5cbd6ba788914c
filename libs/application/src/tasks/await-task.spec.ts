import { Task, TaskNotFound } from '@task/domain';
import { ACTOR, draft, NOW, taskIn, TASK_ID } from '../../../../test/support/builders';
import { DecidingStore } from '../../../../test/support/deciding-store';
import { ManualCommits } from '../../../../test/support/manual-commits';
import { allThatFollows, ManualTimers } from '../../../../test/support/manual-timers';
import { AwaitTask } from './await-task';

const LIVE = { aborted: false };

/** Shows one task, as a test says that it is. */
class ShownStore extends DecidingStore {
  shown: Task | null = taskIn('working');
  looks = 0;

  override async find(): Promise<Task | null> {
    this.looks += 1;
    return this.shown;
  }
}

class Waiting {
  readonly store = new ShownStore();
  readonly timers = new ManualTimers();
  readonly commits = new ManualCommits();
  readonly stopping = { aborted: false };
  answer: Task | Error | null = null;

  start(waitSeconds: number, signal = LIVE): void {
    const awaitTask = new AwaitTask(this.store, this.timers, this.commits, this.stopping);
    awaitTask.execute({ taskId: TASK_ID, waitSeconds }, signal).then(
      (task) => (this.answer = task),
      (error: unknown) => (this.answer = error as Error),
    );
  }

  /** The task is in another status, and its commit is told. */
  become(status: Task['status']): void {
    this.store.shown = taskIn(status);
    this.commits.publish({ lastEventId: 7 });
  }
}

describe('AwaitTask', () => {
  let waiting: Waiting;
  beforeEach(() => (waiting = new Waiting()));

  it.each(['completed', 'failed', 'cancelled'] as const)(
    'answers at once with a task that is %s',
    async (status) => {
      waiting.store.shown = taskIn(status);
      waiting.start(20);
      await allThatFollows();

      expect(waiting.answer).toMatchObject({ status });
    },
  );

  it.each(['completed', 'failed', 'cancelled'] as const)(
    'answers soon after a task came to be %s',
    async (status) => {
      waiting.start(20);
      await waiting.timers.advance(0);
      waiting.become(status);
      await waiting.timers.advance(100);

      expect(waiting.answer).toMatchObject({ status });
    },
  );

  it('answers with the task as it is when the time is over', async () => {
    waiting.start(3);
    await waiting.timers.advance(2_999);
    expect(waiting.answer).toBeNull();
    await waiting.timers.advance(1);

    expect(waiting.answer).toMatchObject({ status: 'working' });
  });

  it('looks once when it is not to wait', async () => {
    waiting.start(0);
    await allThatFollows();

    expect([waiting.answer, waiting.store.looks]).toMatchObject([{ status: 'working' }, 1]);
  });

  it('notices what no commit told, of another instance', async () => {
    waiting.start(20);
    await waiting.timers.advance(0);
    waiting.store.shown = taskIn('completed');
    await waiting.timers.advance(1_000);

    expect(waiting.answer).toMatchObject({ status: 'completed' });
  });

  it('looks once for many commits, and not for those without events', async () => {
    waiting.start(20);
    await waiting.timers.advance(0);
    for (let commit = 0; commit < 50; commit += 1) waiting.commits.publish({ lastEventId: commit });
    await waiting.timers.advance(100);
    expect(waiting.store.looks).toBe(2);
    waiting.commits.publish({});
    await waiting.timers.advance(100);

    expect(waiting.store.looks).toBe(2);
  });

  it('stops when nobody waits for the answer any more', async () => {
    const gone = { aborted: false };
    waiting.start(20, gone);
    await waiting.timers.advance(0);
    gone.aborted = true;
    await waiting.timers.advance(1_000);

    expect(waiting.answer).toMatchObject({ status: 'working' });
  });

  it('stops when the service does, well before its time is over', async () => {
    waiting.start(20);
    await waiting.timers.advance(0);
    waiting.stopping.aborted = true;
    await waiting.timers.advance(1_000);

    expect(waiting.answer).toMatchObject({ status: 'working' });
  });

  it('leaves neither timers nor listeners behind', async () => {
    waiting.start(20);
    await waiting.timers.advance(0);
    waiting.become('completed');
    await waiting.timers.advance(100);

    expect([waiting.timers.count, waiting.commits.count]).toEqual([0, 0]);
  });

  it('refuses a task that there is not', async () => {
    waiting.store.shown = null;
    waiting.start(20);
    await allThatFollows();

    expect(waiting.answer).toBeInstanceOf(TaskNotFound);
  });

  it('takes a waiting task for one that has not ended', async () => {
    waiting.store.shown = Task.create(draft(), TASK_ID, ACTOR, NOW).task;
    waiting.start(1);
    await waiting.timers.advance(999);

    expect(waiting.answer).toBeNull();
  });
});
