import { DomainError, type Task } from '@task/domain';
import type { Call } from '../call';
import type { CreateTaskInput, CreateTasks } from './create-tasks';
import type { CreationTerms } from './creation-terms';

/** Files a new task. */
export class CreateTask {
  constructor(private readonly createTasks: CreateTasks) {}

  /** @param terms what the door expects beside the rules of all; by default nothing */
  async execute(input: CreateTaskInput, call: Call, terms?: CreationTerms): Promise<Task> {
    try {
      const [task] = await this.createTasks.execute([input], call, terms);
      if (task === undefined) throw new Error('the store answered an insert with no task');
      return task;
    } catch (error) {
      // There is only one: its place says nothing.
      if (error instanceof DomainError) error.index = null;
      throw error;
    }
  }
}
