import type { RetryPolicy, Task } from '@task/domain';
import type { Policy } from '../ports/policy';

/** Waits between the attempts of a task: its type's own, and where that has none, those of all. */
export function retryOf({ retry, taskTypes }: Policy, { state }: Task): RetryPolicy {
  const { baseMs = null, capMs = null } = taskTypes.find(state.taskType)?.backoff ?? {};
  return { baseMs: baseMs ?? retry.baseMs, capMs: capMs ?? retry.capMs, random: retry.random };
}
