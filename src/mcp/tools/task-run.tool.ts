import { AwaitTask, CreateTask } from '@task/application';
import type { Task } from '@task/domain';
import { WaitingTime } from '../../http/shared/exchange/waiting-time';
import { handleOf } from '../handles/task-handle';
import type { Asked } from '../tool/asked';
import type { Answer } from '../tool/answer';
import { ADDS, type Tool } from '../tool/tool';
import { runOutcome } from '../views/run-outcome';
import { REPEATABLE, STANDING, TEXT, WAIT } from './common-arguments';
import { createInputOf, NEW_TASK, type NewTask } from './new-task';

interface Given extends NewTask {
  readonly wait?: number;
}

const LONGEST_SECONDS = 25;

/** Somebody files a task and wants its result. */
export class TaskRunTool implements Tool<Given> {
  readonly name = 'task_run';
  readonly title = 'Run a task';
  readonly about =
    'Files a task and waits up to 25 s for a worker to end it. If it takes longer, read it later with task_get.';
  readonly needs = 'producer';
  readonly hints = ADDS;
  readonly takes = { ...NEW_TASK, ...WAIT, ...REPEATABLE };
  readonly gives = { ...STANDING, error_message: TEXT, next: TEXT };

  constructor(
    private readonly createTask: CreateTask,
    private readonly awaitTask: AwaitTask,
    private readonly waitingTime: WaitingTime,
  ) {}

  async run(given: Given, asked: Asked): Promise<Answer> {
    const task = await this.createTask.execute(createInputOf(given), asked.call(this.name, given));
    if (asked.followsTasks) return { value: {}, handle: { resultType: 'task', ...handleOf(task) } };
    return runOutcome(await this.wait(task, given, asked));
  }

  private wait({ id: taskId }: Task, { wait = LONGEST_SECONDS }: Given, { signal }: Asked): Promise<Task> {
    return this.awaitTask.execute({ taskId, waitSeconds: this.waitingTime.secondsOf(wait) }, signal);
  }
}
