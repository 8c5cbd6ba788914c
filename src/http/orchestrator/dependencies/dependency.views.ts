import { TASK_RULES, type DependencyPolicy, type TaskStatus } from '@task/domain';
import { COUNT, FLAG, Shows, ShowsParts, UUID } from '../../shared/docs/shows';
import { CursorPage } from '../views/cursor-page.view';

/** A task at the other end of a dependency. */
export class DependencyView {
  @Shows(UUID, { description: 'The task' })
  declare readonly task_id: string;
  @Shows(TASK_RULES.status, { description: 'Where it is' })
  declare readonly status: TaskStatus;
  @Shows(FLAG, { description: 'Whether the dependency is settled: it is not waited for any more' })
  declare readonly settled: boolean;
}

/** Whom a task waits for, and who waits for it. */
export class TaskDependencies {
  @Shows(UUID, { description: 'The task' })
  declare readonly task_id: string;
  @Shows(TASK_RULES.status, { description: 'Where it is' })
  declare readonly status: TaskStatus;
  @Shows(TASK_RULES.onDependencyFailure, {
    description: 'What becomes of it when one that it depends on has failed; null when it depends on nothing',
    nullable: true,
  })
  declare readonly on_dependency_failure: DependencyPolicy | null;
  @Shows(COUNT, { description: 'Dependencies that it still waits for' })
  declare readonly pending: number;
  @ShowsParts([DependencyView], { description: 'All that it depends on, in order of arrival' })
  declare readonly depends_on: readonly DependencyView[];
  @ShowsParts([DependencyView], { description: 'A page of those that depend on it, in order of arrival' })
  declare readonly dependents: readonly DependencyView[];
  @ShowsParts(CursorPage, { description: 'Which page of the dependents this is' })
  declare readonly pagination: CursorPage;
}
