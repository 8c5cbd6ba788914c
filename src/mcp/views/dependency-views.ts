import type { Dependency } from '@task/application';
import { valueOf } from './task-views';

/** What came of the tasks that a claimed one depended on; nothing for one that depended on none. */
export function dependenciesView(dependencies: readonly Dependency[] = []): object {
  return dependencies.length === 0 ? {} : { dependencies: dependencies.map(handedOn) };
}

/** The tasks that a task depends on, by their ids; nothing for one that depends on none. */
export function dependsOnView(dependencies: readonly Dependency[]): object {
  return dependencies.length === 0 ? {} : { depends_on: dependencies.map(({ taskId }) => taskId) };
}

/** What is left out is read with task_get: `task_id`, and `next_cursor` as its cursor. */
function handedOn({ taskId, status, result, resultBytes }: Dependency): object {
  return {
    ...{ task_id: taskId, status },
    ...(result !== null && { result: valueOf(result) }),
    ...(result === null && resultBytes > 0 && { cut: { bytes: resultBytes, next_cursor: 'result:0' } }),
  };
}
