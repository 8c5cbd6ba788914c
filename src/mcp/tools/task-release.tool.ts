import { ReleaseTask } from '@task/application';
import { TASK_RULES } from '@task/domain';
import type { Asked } from '../tool/asked';
import { about, type Answer } from '../tool/answer';
import { REPEATS, type Tool } from '../tool/tool';
import { outcome } from '../views/task-views';
import { HELD_TASK, proofOf, STANDING, type HeldTask } from './common-arguments';

interface Given extends HeldTask {
  readonly reason?: string;
}

/** A worker gives a task back. */
export class TaskReleaseTool implements Tool<Given> {
  readonly name = 'task_release';
  readonly title = 'Give a task back';
  readonly about = 'Puts a claimed task back for others, at once and without counting a retry.';
  readonly needs = 'worker';
  readonly hints = REPEATS;
  readonly takes = { ...HELD_TASK, reason: { rule: TASK_RULES.reason } };
  readonly gives = STANDING;

  constructor(private readonly releaseTask: ReleaseTask) {}

  async run(given: Given, asked: Asked): Promise<Answer> {
    const { task_id: taskId, reason } = given;
    const input = { taskId, reason, proof: proofOf(given) };
    return about(taskId, outcome(await this.releaseTask.execute(input, asked.call(this.name, given))));
  }
}
