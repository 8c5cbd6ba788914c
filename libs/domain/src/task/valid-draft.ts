import { violationsOf } from '../rules/rule';
import { TASK_RULES } from './task-rules';
import type { TaskDraft } from './task-state';
import { InvalidTask } from './task.errors';

/** Refuses a draft that breaks rules. JSON fields were checked by theirs before they became documents. */
export function requireValid(draft: TaskDraft): void {
  const { taskType, workDirectory, kbId, prompt, priority, tags, timeoutSeconds, maxRetries } = draft;
  const given = { taskType, workDirectory, kbId, prompt, priority, tags, timeoutSeconds, maxRetries };
  const present = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== null));
  const violations = violationsOf(present, TASK_RULES);
  if (violations.length > 0) throw new InvalidTask(violations);
}
