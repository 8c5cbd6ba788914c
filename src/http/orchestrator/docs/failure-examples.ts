import {
  InvalidTask,
  PromptMismatch,
  PromptSaysNothing,
  QueueFull,
  TaskAlreadyFinal,
  TaskArchived,
  TaskNotWaiting,
} from '@task/domain';
import { NO_MEMORY, TASK_ID, type Failures } from '../../shared/docs/failure-examples';
import { Refusal } from '../../shared/failures/refusal';

export * from '../../shared/docs/failure-examples';

/** The answer to fields that break their rules. */
export const BAD_CREATE: Failures = {
  bad_fields: Refusal.ofFields([
    {
      field: 'work_directory',
      reason: 'not_absolute_path',
      constraints: { examples: ['/srv/project', 'C:\\project'] },
    },
    { field: 'prompt', reason: 'too_long', constraints: { min_length: 1, max_length: 10_000 } },
  ]),
  unknown_dependency: new InvalidTask([{ field: 'dependsOn[0]', reason: 'unknown_task', constraints: {} }]),
};

/** Refusals of new tasks. */
export const NOT_TAKEN: Failures = {
  prompt_says_nothing: new PromptSaysNothing(),
  queue_full: new QueueFull(10_000_000),
  ...NO_MEMORY,
};

/** The refusal of another task's prompt. */
export const OTHER_PROMPT: Failures = { other_prompt: new PromptMismatch(0.31, 0.8) };

/** Refusals of a cancellation. */
export const NOT_CANCELLED: Failures = {
  not_waiting: new TaskNotWaiting(TASK_ID, 'working', 'cancel'),
  already_final: new TaskAlreadyFinal(TASK_ID, 'completed', 'cancel'),
  archived: new TaskArchived(TASK_ID, 'failed', 'cancel'),
};
