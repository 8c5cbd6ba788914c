import { hasEnded, TaskNotFound, type Task } from '@task/domain';
import type { Cancellation } from '../call';
import type { CommitFeed } from '../ports/commit-feed';
import type { TaskStore } from '../ports/task-store';
import type { Timers } from '../ports/timers';

/** Which task to wait for, and how long. */
export interface AwaitTaskInput {
  readonly taskId: string;
  /** 0 looks once. */
  readonly waitSeconds: number;
}

/** What happens while somebody looks, and behind it. */
interface News {
  /** Until there are some, or this time is over. */
  readonly wait: (ms: number) => Promise<unknown>;
  readonly stop: () => void;
}

/** Commits of this long are looked at together, ms: a busy queue must not mean a read for each of its commits. */
const PAUSE_MS = 100;
/** How long no news is believed, ms. */
const LONGEST_SILENCE_MS = 1_000;

/** Waits until nobody works on a task, or will without being asked: it is completed, failed or cancelled. */
export class AwaitTask {
  constructor(
    private readonly tasks: TaskStore,
    private readonly timers: Timers,
    private readonly commits: CommitFeed,
    /** Whether the service stops: then nobody is kept waiting for longer than a second. */
    private readonly stopping: Cancellation,
  ) {}

  /**
   * @returns the task once it has ended; as it is then when the time is over, nobody waits for the answer any more, or
   *   the service stops
   * @throws TaskNotFound
   */
  async execute({ taskId, waitSeconds }: AwaitTaskInput, signal: Cancellation): Promise<Task> {
    const end = this.timers.monotonic() + waitSeconds * 1000;
    for (;;) {
      const news = this.listen();
      try {
        const task = await this.find(taskId);
        const leftMs = end - this.timers.monotonic();
        const isOver = leftMs <= 0 || signal.aborted || this.stopping.aborted;
        if (isOver || hasEnded(task.status)) return task;
        await news.wait(Math.min(leftMs, LONGEST_SILENCE_MS));
      } finally {
        news.stop();
      }
    }
  }

  private async find(taskId: string): Promise<Task> {
    const task = await this.tasks.find(taskId);
    if (task === null) throw new TaskNotFound(taskId);
    return task;
  }

  /** Listens from before the look on, so that nothing falls between the two. */
  private listen(): News {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const cancels: (() => void)[] = [];
    let isNews = false;
    const unsubscribe = this.commits.subscribe(({ lastEventId }) => {
      if (lastEventId === null || isNews) return;
      isNews = true;
      cancels.push(this.timers.after(PAUSE_MS, () => resolve(undefined)));
    });
    return {
      wait: (ms) => {
        cancels.push(this.timers.after(ms, () => resolve(undefined)));
        return promise;
      },
      stop: () => {
        unsubscribe();
        for (const cancel of cancels) cancel();
      },
    };
  }
}
