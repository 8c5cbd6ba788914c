import { TaskNotFound, type Task } from '@task/domain';
import type { Dependency, Dependent, TaskStore } from '../ports/task-store';
import { decodePosition, encodePosition } from './cursor';

/** Whose dependencies to read, and which page of those that depend on it. */
export interface ReadDependenciesInput {
  readonly taskId: string;
  /** Dependents of a page, 1–1000. */
  readonly limit: number;
  /** `nextCursor` of the page before. */
  readonly cursor?: string | undefined;
}

/** Who a task waits for, and who waits for it. */
export interface DependenciesRead {
  readonly task: Task;
  /** All that it depends on, in order of arrival, without their results. */
  readonly dependencies: readonly Dependency[];
  /** A page of those that depend on it, in order of arrival. */
  readonly dependents: readonly Dependent[];
  readonly nextCursor: string | null;
}

/** Reads both directions: what a task depends on, and what depends on it. */
export class ReadDependencies {
  constructor(private readonly tasks: TaskStore) {}

  /** @throws TaskNotFound, InvalidTask for a cursor of another list */
  async execute({ taskId, limit, cursor }: ReadDependenciesInput): Promise<DependenciesRead> {
    const task = await this.tasks.find(taskId);
    if (task === null) throw new TaskNotFound(taskId);
    const list = ['dependents', task.id];
    const [after = 0] = cursor === undefined ? [] : decodePosition(cursor, list, 1);
    const found = await this.tasks.dependentsOf(task.id, after, limit + 1);
    const dependents = found.slice(0, limit);
    const last = found.length > limit ? dependents.at(-1) : undefined;
    const nextCursor = last === undefined ? null : encodePosition([last.place], list);
    return { task, dependencies: await this.dependenciesOf(task), dependents, nextCursor };
  }

  /** What a task depends on, in order of arrival, without their results. Costs no read where that is nothing. */
  async dependenciesOf({ id, state }: Task): Promise<readonly Dependency[]> {
    if (state.needs === null) return [];
    return (await this.tasks.dependenciesOf([id], 0)).get(id) ?? [];
  }
}
