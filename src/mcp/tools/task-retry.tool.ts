import { RetryTask } from '@task/application';
import type { Asked } from '../tool/asked';
import { about, type Answer } from '../tool/answer';
import { ADDS, type Tool } from '../tool/tool';
import { outcome } from '../views/task-views';
import { COUNT, ONE_TASK, REPEATABLE, STANDING, type OneTask } from './common-arguments';

/** A failed task is tried again. */
export class TaskRetryTool implements Tool<OneTask> {
  readonly name = 'task_retry';
  readonly title = 'Retry a task';
  readonly about = 'Puts a failed task back into the queue while it has retries left.';
  readonly needs = 'producer';
  readonly hints = ADDS;
  readonly takes = { ...ONE_TASK, ...REPEATABLE };
  readonly gives = { ...STANDING, retry_count: COUNT };

  constructor(private readonly retryTask: RetryTask) {}

  async run(given: OneTask, asked: Asked): Promise<Answer> {
    const { task_id: taskId } = given;
    return about(taskId, outcome(await this.retryTask.execute({ taskId }, asked.call(this.name, given))));
  }
}
