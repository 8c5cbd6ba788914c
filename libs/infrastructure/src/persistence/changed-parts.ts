import type { Task } from '@task/domain';

/** Whether the row of `tasks` has to be written. A renewed lease leaves it alone. */
export function changesTask(before: Task, after: Task): boolean {
  const [was, is] = [before.state, after.state];
  return (
    was.version !== is.version ||
    was.gate !== is.gate ||
    was.needs !== is.needs ||
    was.isAwaited !== is.isAwaited
  );
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
