import { DomainError, type Task } from '@task/domain';
import type { Call } from '../call';
import type { Policy } from '../ports/policy';
import type { TaskStore } from '../ports/task-store';
import type { WorkerDirectory } from '../ports/worker-directory';

/**
 * A worker lives: takes that down, and renews the leases of all that it holds. A task that is missing from the answer
 * is its own no longer: cancelled, expired, or somebody else's. Where the operator asks for tokens, a name alone renews
 * nothing.
 */
export class HeartbeatWorker {
  constructor(
    private readonly workers: WorkerDirectory,
    private readonly tasks: TaskStore,
    private readonly policy: Policy,
  ) {}

  /** @returns the tasks that it holds, oldest claim first */
  async execute({ workerId }: { readonly workerId: string }, { signal }: Call): Promise<readonly Task[]> {
    await this.workers.see(workerId, signal);
    const held = await this.workers.heldBy(workerId);
    const tasks = await Promise.all(held.map((taskId) => this.held(taskId, workerId, signal)));
    return tasks.filter((task) => task !== null);
  }

  private async held(taskId: string, workerId: string, signal: Call['signal']): Promise<Task | null> {
    if (this.policy.requireLeaseToken) return this.tasks.find(taskId);
    try {
      return await this.tasks.update(taskId, (task, now) => task.renew({}, { workerId }, now), signal);
    } catch (error) {
      if (error instanceof DomainError) return null;
      throw error;
    }
  }
}
