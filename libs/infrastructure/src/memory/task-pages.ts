import type { Position, TaskFilter, TaskPage, TaskPageRequest, TaskSort } from '@task/application';
import { prefixBelow, TASK_STATUSES } from '@task/domain';
import type { StoredTask } from './stored-task';

const MAX_COUNTED = 10_000;
/** Filters whose totals a database's counters hold. */
const COUNTED: readonly string[] = ['status', 'priorities', 'taskType', 'kbId', 'directoryContains'];

/** The page of these tasks that the request asks for. */
export function pageOf(request: TaskPageRequest, tasks: readonly StoredTask[]): TaskPage {
  const { filter, sort, limit, offset, after } = request;
  const matching = tasks.filter((row) => matches(filter, row)).sort((a, b) => compare(sort, a, b));
  const rest =
    after === null
      ? matching.slice(offset)
      : matching.filter((row) => comparePositions(sort, positionOf(sort, row), after) > 0);
  const page = rest.slice(0, limit);
  const last = page.at(-1);
  return {
    tasks: page.map(({ task }) => task),
    ...totalOf(filter, matching.length),
    next: last === undefined || rest.length === page.length ? null : positionOf(sort, last),
  };
}

function totalOf(filter: TaskFilter, matching: number): Pick<TaskPage, 'total' | 'totalCapped'> {
  const isCounted = Object.keys(filter).every((condition) => COUNTED.includes(condition));
  const totalCapped = !isCounted && matching > MAX_COUNTED;
  return { total: totalCapped ? MAX_COUNTED : matching, totalCapped };
}

function matches(filter: TaskFilter, { task: { state }, directory }: StoredTask): boolean {
  const { status, priorities, directoryContains, taskType, kbId, tags, createdAfter, createdBefore } = filter;
  const met = [
    status === undefined || state.status === status,
    priorities === undefined || (state.priority >= priorities.from && state.priority <= priorities.to),
    directoryContains === undefined ||
      (directory !== null && prefixBelow(directory).includes(directoryContains)),
    taskType === undefined || state.taskType === taskType,
    kbId === undefined || state.kbId === kbId,
    tags === undefined || hasTags(state.tags, tags),
    createdAfter === undefined || state.createdAt >= createdAfter,
    createdBefore === undefined || state.createdAt < createdBefore,
  ];
  return !met.includes(false);
}

function hasTags(own: readonly string[], { names, mode }: NonNullable<TaskFilter['tags']>): boolean {
  return mode === 'all'
    ? names.every((name) => own.includes(name))
    : names.some((name) => own.includes(name));
}

function compare(sort: TaskSort, a: StoredTask, b: StoredTask): number {
  return comparePositions(sort, positionOf(sort, a), positionOf(sort, b));
}

function positionOf({ by }: TaskSort, { seq, task: { state } }: StoredTask): Position {
  const keys = {
    created_at: state.createdAt,
    priority: state.priority,
    status: TASK_STATUSES.indexOf(state.status),
  };
  return [keys[by], state.createdAt, seq];
}

function comparePositions(
  { order }: TaskSort,
  [keyA = 0, , seqA = 0]: Position,
  [keyB = 0, , seqB = 0]: Position,
): number {
  return (keyA - keyB || seqA - seqB) * (order === 'asc' ? 1 : -1);
}
