import {
  PromptMismatch,
  promptSimilarity,
  saysFailed,
  toldError,
  type Decision,
  type JsonDocument,
  type Proof,
  type Task,
} from '@task/domain';
import type { Call } from '../call';
import type { Policy } from '../ports/policy';
import type { TaskStore } from '../ports/task-store';
import { requireToken } from './require-token';
import { retryOf } from './retry-of';

/** A worker's word that its attempt is over. */
export interface CompleteTaskInput {
  readonly taskId: string;
  /** Must resemble the task's prompt when given: a guard against finishing the wrong task. */
  readonly originalPrompt?: string | undefined;
  readonly result?: JsonDocument | undefined;
  /** `failed`, here or as the result's own status, makes it a failure. */
  readonly status?: 'completed' | 'failed' | undefined;
  /** Whether a result that says `status: "failed"` makes it a failure; default true. */
  readonly readsResult?: boolean | undefined;
  readonly proof: Proof;
}

/** Ends a task well, or badly when its result says so. Source: behaviour.md 4. */
export class CompleteTask {
  constructor(
    private readonly tasks: TaskStore,
    private readonly policy: Policy,
  ) {}

  async execute(input: CompleteTaskInput, { actor, signal, idempotency }: Call): Promise<Task> {
    const { taskId, result = null, proof } = input;
    requireToken(proof, this.policy);
    const failure = failureIn(input);
    return this.tasks.update(
      taskId,
      (task, now): Decision => {
        const decision =
          failure === null
            ? task.complete(result, proof, actor, now)
            : task.fail(
                { errorMessage: failure, result, retryable: true },
                proof,
                retryOf(this.policy, task),
                actor,
                now,
              );
        if (input.originalPrompt !== undefined) this.requireSamePrompt(task, input.originalPrompt);
        return decision;
      },
      signal,
      idempotency,
    );
  }

  private requireSamePrompt(task: Task, originalPrompt: string): void {
    const { promptMatchThreshold: threshold } = this.policy;
    const similarity = promptSimilarity(task.state.prompt ?? '', originalPrompt);
    if (similarity < threshold) throw new PromptMismatch(similarity, threshold);
  }
}

/** The error message of a failure, or null for a success. */
function failureIn({ status, result, readsResult = true }: CompleteTaskInput): string | null {
  if (status !== 'failed' && !readsResult) return null;
  // Most results succeed, and some are large: only one that can say `failed` is parsed.
  if (status !== 'failed' && result?.text.includes('failed') !== true) return null;
  const value = result?.value;
  return status === 'failed' || saysFailed(value) ? toldError(value) : null;
}
