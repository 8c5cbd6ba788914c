import { normalisePath, type Task } from '@task/domain';
import type { ReadyTasks } from '../ports/commit-feed';

/** Of the ready tasks that a waiting claim was called for, those that it did not take: others have to be called. */
export function callsLeft(calls: readonly ReadyTasks[], taken: readonly Task[]): readonly ReadyTasks[] {
  const unmatched = [...taken];
  return calls.flatMap((call) => {
    let { count } = call;
    for (let at = placeOf(call, unmatched); count > 0 && at >= 0; at = placeOf(call, unmatched)) {
      unmatched.splice(at, 1);
      count -= 1;
    }
    return count > 0 ? [{ ...call, count }] : [];
  });
}

function placeOf({ directory, taskType, kbId }: ReadyTasks, tasks: readonly Task[]): number {
  return tasks.findIndex(
    ({ state }) =>
      state.taskType === taskType &&
      state.kbId === kbId &&
      (state.workDirectory === null ? null : normalisePath(state.workDirectory)) === directory,
  );
}
