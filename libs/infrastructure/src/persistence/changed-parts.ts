import type { Task } from '@task/domain';

/** Whether the row of `tasks` has to be written. A renewed lease leaves it alone. */
export function changesTask(before: Task, after: Task): boolean {
  return before.state.version !== after.state.version || before.state.gate !== after.state.gate;
}

/** Whether what commands write of `task_bodies` is different. A body can be large: it is not written for nothing. */
export function changesOutcome(before: Task | null, after: Task): boolean {
  const { result, errorMessage, cancelReason } = after.state;
  return (
    result !== (before?.state.result ?? null) ||
    errorMessage !== (before?.state.errorMessage ?? null) ||
    cancelReason !== (before?.state.cancelReason ?? null)
  );
}
