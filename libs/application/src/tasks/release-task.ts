import type { Proof, Task } from '@task/domain';
import type { Call } from '../call';
import type { Policy } from '../ports/policy';
import type { TaskStore } from '../ports/task-store';
import { requireToken } from './require-token';

/** Which task a worker gives back, and why. */
export interface ReleaseTaskInput {
  readonly taskId: string;
  readonly reason?: string | undefined;
  readonly proof: Proof;
}

/** Gives a task back to the queue: claimable at once, no retry counted. */
export class ReleaseTask {
  constructor(
    private readonly tasks: TaskStore,
    private readonly policy: Policy,
  ) {}

  async execute({ taskId, reason = '', proof }: ReleaseTaskInput, call: Call): Promise<Task> {
    requireToken(proof, this.policy);
    const { actor, signal, idempotency } = call;
    return this.tasks.update(
      taskId,
      (task, now) => task.release(reason || null, proof, actor, now),
      signal,
      idempotency,
    );
  }
}
