import type { JsonDocument, Proof, Task } from '@task/domain';
import type { Call } from '../call';
import type { Policy } from '../ports/policy';
import type { TaskStore } from '../ports/task-store';
import { requireToken } from './require-token';
import { retryOf } from './retry-of';

/** A worker's word that its attempt failed. */
export interface FailTaskInput {
  readonly taskId: string;
  readonly errorMessage: string;
  readonly result?: JsonDocument | undefined;
  /** Whether trying again can help; default true. */
  readonly retryable?: boolean | undefined;
  readonly proof: Proof;
}

/** Records that an attempt failed: the task is failed, or waits again when it retries itself. */
export class FailTask {
  constructor(
    private readonly tasks: TaskStore,
    private readonly policy: Policy,
  ) {}

  async execute(input: FailTaskInput, { actor, signal, idempotency }: Call): Promise<Task> {
    const { taskId, errorMessage, result = null, retryable = true, proof } = input;
    requireToken(proof, this.policy);
    const failure = { errorMessage, result, retryable };
    return this.tasks.update(
      taskId,
      (task, now) => task.fail(failure, proof, retryOf(this.policy, task), actor, now),
      signal,
      idempotency,
    );
  }
}
