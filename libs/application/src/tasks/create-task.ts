import type { Task } from '@task/domain';
import type { Call } from '../call';
import type { CreateTaskInput, CreateTasks } from './create-tasks';

/** Files a new task. */
export class CreateTask {
  constructor(private readonly createTasks: CreateTasks) {}

  async execute(input: CreateTaskInput, call: Call): Promise<Task> {
    const [task] = await this.createTasks.execute([input], call);
    if (task === undefined) throw new Error('the store answered an insert with no task');
    return task;
  }
}
