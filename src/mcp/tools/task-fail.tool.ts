import { FailTask } from '@task/application';
import { flag, JsonDocument, TASK_RULES } from '@task/domain';
import type { Asked } from '../tool/asked';
import { about, type Answer } from '../tool/answer';
import { REPEATS, type Tool } from '../tool/tool';
import { outcome } from '../views/task-views';
import { HELD_TASK, proofOf, STANDING, type HeldTask } from './common-arguments';

interface Given extends HeldTask {
  readonly error_message: string;
  readonly result?: object;
  readonly retryable?: boolean;
}

/** A worker could not do it. */
export class TaskFailTool implements Tool<Given> {
  readonly name = 'task_fail';
  readonly title = 'Fail a task';
  readonly about =
    'Ends a claimed task that could not be done. It is retried by itself only with auto_retry.';
  readonly needs = 'worker';
  readonly hints = REPEATS;
  readonly takes = {
    ...HELD_TASK,
    error_message: { rule: TASK_RULES.errorMessage, required: true as const },
    result: { rule: TASK_RULES.resultObject },
    retryable: { rule: flag(), about: 'false: do not try again' },
  };
  readonly gives = STANDING;

  constructor(private readonly failTask: FailTask) {}

  async run(given: Given, asked: Asked): Promise<Answer> {
    const { task_id: taskId, error_message: errorMessage, result, retryable } = given;
    const document = result === undefined ? undefined : JsonDocument.of(result);
    const input = { taskId, errorMessage, retryable, result: document, proof: proofOf(given) };
    return about(taskId, outcome(await this.failTask.execute(input, asked.call(this.name, given))));
  }
}
