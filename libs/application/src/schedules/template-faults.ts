import { DomainError, InvalidSchedule, InvalidTask, type TaskTemplate } from '@task/domain';
import type { CreateTasks } from '../tasks/create-tasks';

/**
 * Refuses a template whose tasks would be refused today.
 * @throws InvalidSchedule that names the template's fields, `task.prompt`; and what else is thrown for a new task
 */
export function requireGoodTemplate(template: TaskTemplate, actor: string, createTasks: CreateTasks): void {
  try {
    createTasks.decideOne(template, actor, 0, 0);
  } catch (error) {
    if (error instanceof InvalidTask) {
      const inTask = error.violations.map((each) => ({ ...each, field: `task.${each.field}` }));
      throw new InvalidSchedule(inTask);
    }
    if (error instanceof DomainError) error.index = null;
    throw error;
  }
}
