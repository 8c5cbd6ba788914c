import type { CreateTaskInput } from '@task/application';
import {
  instantOf,
  JsonDocument,
  priorityOf,
  TASK_RULES,
  type DependencyPolicy,
  type PriorityBand,
  type Rule,
} from '@task/domain';
import type { Arguments } from '../tool/argument';

/** A new task, as a call describes it. */
export interface NewTask {
  readonly work_directory: string;
  readonly prompt: string;
  readonly priority?: PriorityBand;
  readonly tags?: readonly string[];
  readonly task_type?: string;
  readonly kb_id?: string;
  readonly payload?: object;
  readonly metadata?: object;
  readonly max_retries?: number;
  readonly timeout_seconds?: number;
  readonly auto_retry?: boolean;
  readonly schedule_for?: string;
  readonly depends_on?: readonly string[];
  readonly on_dependency_failure?: DependencyPolicy;
  readonly concurrency_key?: string;
}

/** One of several new tasks. */
export interface NewTaskOfMany extends NewTask {
  readonly ref?: string;
}

/** The fields of a new task; the names and limits are those of REST. */
export const NEW_TASK: Arguments = {
  work_directory: { rule: TASK_RULES.workDirectory, required: true, about: 'Absolute path' },
  prompt: {
    rule: TASK_RULES.prompt,
    required: true,
    about: 'All an agent without context needs',
  },
  priority: { rule: TASK_RULES.priorityBand },
  tags: { rule: TASK_RULES.tags },
  task_type: { rule: TASK_RULES.taskType },
  kb_id: { rule: TASK_RULES.kbId },
  payload: { rule: TASK_RULES.payload, about: 'Parameters' },
  metadata: { rule: TASK_RULES.metadata },
  max_retries: { rule: TASK_RULES.maxRetries },
  timeout_seconds: { rule: withoutRange(TASK_RULES.timeoutSeconds) },
  auto_retry: { rule: TASK_RULES.autoRetry },
  schedule_for: { rule: TASK_RULES.availableAt, about: 'ISO 8601' },
  depends_on: { rule: TASK_RULES.dependsOn, about: 'Ids of tasks to be completed first' },
  on_dependency_failure: { rule: TASK_RULES.onDependencyFailure },
  concurrency_key: { rule: TASK_RULES.concurrencyKey, about: 'Tasks sharing it take turns' },
};

/** The fields of one of several new tasks. */
export const NEW_TASK_OF_MANY: Arguments = { ...NEW_TASK, ref: { rule: TASK_RULES.reference } };

/** The same, none of it required: for a call that may bring several tasks instead. */
export const NEW_TASK_OR_NOT: Arguments = Object.fromEntries(
  Object.entries(NEW_TASK).map(([name, { rule, about }]) => [
    name,
    { rule, ...(about !== undefined && { about }) },
  ]),
);

/** What a creator asks for; what it leaves out is left to the use case. */
export function createInputOf(task: NewTaskOfMany): CreateTaskInput {
  const { priority, payload, metadata, schedule_for: scheduleFor } = task;
  return {
    workDirectory: task.work_directory,
    prompt: task.prompt,
    ...(priority !== undefined && { priority: priorityOf(priority) }),
    ...(task.tags !== undefined && { tags: task.tags }),
    ...(task.task_type !== undefined && { taskType: task.task_type }),
    ...(task.kb_id !== undefined && { kbId: task.kb_id }),
    ...(payload !== undefined && { payload: JsonDocument.of(payload) }),
    ...(metadata !== undefined && { metadata: JsonDocument.of(metadata) }),
    ...(task.max_retries !== undefined && { maxRetries: task.max_retries }),
    ...(task.timeout_seconds !== undefined && { timeoutSeconds: task.timeout_seconds }),
    ...(task.auto_retry !== undefined && { autoRetry: task.auto_retry }),
    ...(scheduleFor !== undefined && { availableAt: instantOf(scheduleFor) }),
    ...(task.concurrency_key !== undefined && { concurrencyKey: task.concurrency_key }),
    ...{ ref: task.ref, dependsOn: task.depends_on, onDependencyFailure: task.on_dependency_failure },
  };
}

/** A range that nobody meets is not worth its words. */
function withoutRange(rule: Rule): Rule {
  return { schema: { type: 'integer' }, check: (value) => rule.check(value) };
}
