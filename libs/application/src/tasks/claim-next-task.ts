import type { Task } from '@task/domain';
import type { Call } from '../call';
import type { ClaimTasks, ClaimTasksInput } from './claim-tasks';

/** Which task a worker wants, and on what terms. */
export type ClaimNextTaskInput = Omit<ClaimTasksInput, 'limit'>;

/** Hands the most urgent due task to one worker, or null when none is due within its time. */
export class ClaimNextTask {
  constructor(private readonly claimTasks: ClaimTasks) {}

  async execute(input: ClaimNextTaskInput, call: Call): Promise<Task | null> {
    const [task = null] = await this.claimTasks.execute({ ...input, limit: 1 }, call);
    return task;
  }
}
