import type { DependenciesRead, Dependency, Dependent } from '@task/application';
import { cursorPage } from '../views/present-page';
import type { DependencyView, TaskDependencies } from './dependency.views';

/** Both directions of a task's dependencies. */
export function taskDependencies(read: DependenciesRead, limit: number): TaskDependencies {
  const { task, dependencies, dependents, nextCursor } = read;
  const { needs } = task.state;
  return {
    task_id: task.id,
    status: task.status,
    on_dependency_failure: needs?.onFailure ?? null,
    pending: task.status === 'waiting' ? (needs?.pending ?? 0) : 0,
    depends_on: dependencies.map(dependencyView),
    dependents: dependents.map(dependencyView),
    pagination: cursorPage(limit, nextCursor),
  };
}

function dependencyView({ taskId, status, isSettled }: Dependency | Dependent): DependencyView {
  return { task_id: taskId, status, settled: isSettled };
}
