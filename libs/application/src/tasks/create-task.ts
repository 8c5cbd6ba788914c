import { DomainError, type Task } from '@task/domain';
import type { Call } from '../call';
import type { CreateTaskInput, CreateTasks } from './create-tasks';
import type { CreationTerms } from './creation-terms';

/** Files a new task. */
export class CreateTask {
  constructor(private readonly createTasks: CreateTasks) {}

  /** @param terms what the door expects beside the rules of all; by default nothing */
  async execute(input: CreateTaskInput, call: Call, terms?: CreationTerms): Promise<Task> {
    const [task] = await this.createTasks.execute([input], call, terms).catch(asOnlyOne);
    if (task === undefined) throw new Error('the store answered an insert with no task');
    return task;
  }
}

/** Its caller sent one task and no list: there is no place to tell. */
function asOnlyOne(error: unknown): never {
  if (error instanceof DomainError) error.index = null;
  throw error;
}
