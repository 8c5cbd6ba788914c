import { CancelTask } from '@task/application';
import { flag, TASK_RULES } from '@task/domain';
import type { Asked } from '../tool/asked';
import { about, type Answer } from '../tool/answer';
import { ENDS, type Tool } from '../tool/tool';
import { outcome } from '../views/task-views';
import { ONE_TASK, REPEATABLE, STANDING, type OneTask } from './common-arguments';

interface Given extends OneTask {
  readonly reason?: string;
  readonly force?: boolean;
}

/** A task is given up. */
export class TaskCancelTool implements Tool<Given> {
  readonly name = 'task_cancel';
  readonly title = 'Cancel a task';
  readonly about = 'Gives a waiting task up; with force a working or failed one too. It cannot come back.';
  readonly needs = 'producer';
  readonly hints = ENDS;
  readonly takes = {
    ...ONE_TASK,
    reason: { rule: TASK_RULES.reason },
    force: { rule: flag() },
    ...REPEATABLE,
  };
  readonly gives = STANDING;

  constructor(private readonly cancelTask: CancelTask) {}

  async run(given: Given, asked: Asked): Promise<Answer> {
    const { task_id: taskId, reason, force } = given;
    const call = asked.call(this.name, given);
    return about(taskId, outcome(await this.cancelTask.execute({ taskId, reason, force }, call)));
  }
}
