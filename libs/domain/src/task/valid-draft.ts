import { faultsAt, type Violation } from '../rules/rule';
import { TASK_RULES } from './task-rules';
import type { TaskDraft } from './task-state';
import { InvalidTask } from './task.errors';

/** Fields of a draft that are checked here; those that are JSON were, before they became documents. */
const CHECKED = [
  'taskType',
  'workDirectory',
  'kbId',
  'prompt',
  'priority',
  'tags',
  'timeoutSeconds',
  'maxRetries',
  'concurrencyKey',
] as const satisfies readonly (keyof TaskDraft)[];

/** Refuses a draft that breaks rules, naming every one of them. @throws InvalidTask */
export function requireValid(draft: TaskDraft): void {
  const violations: Violation[] = [];
  for (const field of CHECKED) {
    const value = draft[field];
    const faults = value === null ? [] : TASK_RULES[field].check(value);
    if (faults.length > 0) violations.push(...faultsAt(field, faults));
  }
  if (violations.length > 0) throw new InvalidTask(violations);
}
