import { CompleteTask } from '@task/application';
import { JsonDocument, TASK_RULES } from '@task/domain';
import type { Asked } from '../tool/asked';
import { about, type Answer } from '../tool/answer';
import { REPEATS, type Tool } from '../tool/tool';
import { outcome } from '../views/task-views';
import { HELD_TASK, proofOf, STANDING, TEXT, type HeldTask } from './common-arguments';

interface Given extends HeldTask {
  readonly result?: object;
  readonly original_prompt?: string;
}

/** A worker is done, and it went well. */
export class TaskCompleteTool implements Tool<Given> {
  readonly name = 'task_complete';
  readonly title = 'Complete a task';
  readonly about = 'Ends a claimed task well, with its result. Then call task_claim for the next.';
  readonly needs = 'worker';
  readonly hints = REPEATS;
  readonly takes = {
    ...HELD_TASK,
    result: { rule: TASK_RULES.resultObject },
    original_prompt: { rule: TASK_RULES.prompt, about: 'Guards against the wrong task' },
  };
  readonly gives = { ...STANDING, completed_at: TEXT };

  constructor(private readonly completeTask: CompleteTask) {}

  async run(given: Given, asked: Asked): Promise<Answer> {
    const { task_id: taskId, original_prompt: originalPrompt, result } = given;
    const document = result === undefined ? undefined : JsonDocument.of(result);
    const input = { taskId, originalPrompt, result: document, proof: proofOf(given) };
    return about(taskId, outcome(await this.completeTask.execute(input, asked.call(this.name, given))));
  }
}
