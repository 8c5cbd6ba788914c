import type { JsonDocument, Task } from '@task/domain';
import type { Call } from '../call';
import type { CompleteTask } from './complete-task';
import type { FailTask } from './fail-task';

/** How one of several attempts ended: well, or with an error message. */
export interface Finish {
  readonly taskId: string;
  readonly leaseToken: string;
  readonly result?: JsonDocument | undefined;
  readonly errorMessage?: string | undefined;
}

/** What became of one of them. */
export type FinishOutcome =
  { readonly taskId: string; readonly task: Task } | { readonly taskId: string; readonly error: unknown };

/** Ends several attempts at once, each for itself: one that is refused takes no other with it. */
export class FinishTasks {
  constructor(
    private readonly completeTask: CompleteTask,
    private readonly failTask: FailTask,
  ) {}

  execute(finishes: readonly Finish[], call: Call): Promise<readonly FinishOutcome[]> {
    return Promise.all(finishes.map((finish, index) => this.one(finish, callOfItem(call, index))));
  }

  private async one(finish: Finish, call: Call): Promise<FinishOutcome> {
    const { taskId, leaseToken, result, errorMessage } = finish;
    const proof = { leaseToken };
    try {
      const task =
        errorMessage === undefined
          ? await this.completeTask.execute({ taskId, result, proof }, call)
          : await this.failTask.execute({ taskId, errorMessage, result, proof }, call);
      return { taskId, task };
    } catch (error) {
      return { taskId, error };
    }
  }
}

/** Each item is remembered by itself, under the caller's key and its place in the list. */
function callOfItem(call: Call, index: number): Call {
  const { idempotency } = call;
  if (idempotency === undefined) return call;
  return { ...call, idempotency: { ...idempotency, key: `${idempotency.key}:${index}` } };
}
