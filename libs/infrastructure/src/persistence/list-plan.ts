import type { Position, TaskFilter, TaskPageRequest, TaskSort } from '@task/application';
import { rankOf, statusCode } from './codes';

/** Where no counter holds a total, it is counted up to here, and no more tasks are looked at for it. */
export const COUNT_AT_MOST = 10_000;

/**
 * Tasks that an index holds in the order of (created_at, seq): all of them, those of one status and rank, or those of
 * one group, status and rank. Every list is a merge of some of these.
 */
export interface Stream {
  readonly groupId: number | null;
  readonly status: number | null;
  readonly rank: number | null;
}

/** A row of `task_counts` with tasks in it. */
export interface CountRow {
  readonly group_id: number;
  readonly status: number;
  readonly rank: number;
  readonly tasks: number;
}

/** What a list reads of each task: enough to sort, to filter and to load it. */
export interface ListedRow {
  readonly seq: number;
  readonly created_at: number;
  readonly status: number;
  readonly rank: number;
  readonly group_id: number;
}

export const LISTED_COLUMNS = 't.seq, t.created_at, t.status, t.rank, t.group_id';

/** So many streams are merged as they are; of more, those are chosen first that a page can need. */
export const MAX_MERGED_STREAMS = 500;

/** Tasks that are looked at in vain for one page: one that picks few out of very many ends there, and says how to go on. */
export const LOOKED_AT_MOST = 100_000;

/** Conditions on groups (`g`, with directory `d`); '' when the filter has none. */
export function groupFilter({ directoryContains, taskType, kbId }: TaskFilter): {
  readonly where: string;
  readonly parameters: readonly string[];
} {
  const conditions: string[] = [];
  const parameters: string[] = [];
  const add = (condition: string, value: string | undefined): void => {
    if (value === undefined) return;
    conditions.push(condition);
    parameters.push(value);
  };
  // With its separator, so that a needle that ends in one finds the directory itself.
  add(`CONTAINS(d.path || CASE WHEN d.path LIKE '/%' THEN '/' ELSE '\\' END, ?) > 0`, directoryContains);
  add('g.task_type = ?', taskType);
  add('g.kb_id = ?', kbId);
  return { where: conditions.join(' AND '), parameters };
}

/** Counters also hold what was archived, which no list shows. */
export const LISTED_COUNTS = 'c.group_id, c.status, c.rank, c.tasks - c.archived AS tasks';
/** That a counter counts something that lists show. */
export const ANY_LISTED = 'c.tasks > c.archived';

/** Conditions on the counters' status and rank, as numbers that are safe to write into SQL. */
export function countFilter({ status, priorities }: TaskFilter): string {
  const conditions = [ANY_LISTED];
  if (status !== undefined) conditions.push(`c.status = ${statusCode(status)}`);
  if (priorities !== undefined) {
    conditions.push(`c.rank BETWEEN ${rankOf(priorities.to)} AND ${rankOf(priorities.from)}`);
  }
  return conditions.join(' AND ');
}

/** Whether the counters hold the list's total. */
export function isCounted({ tags, createdAfter, createdBefore }: TaskFilter): boolean {
  return tags === undefined && createdAfter === undefined && createdBefore === undefined;
}

/** The streams that hold the list, none of them empty. */
export function streamsOf(
  counts: readonly CountRow[],
  filter: TaskFilter,
  sort: TaskSort,
): readonly Stream[] {
  const { status, priorities } = filter;
  const byGroup = groupFilter(filter).where !== '';
  if (!byGroup && status === undefined && priorities === undefined && sort.by === 'created_at') {
    return [{ groupId: null, status: null, rank: null }];
  }
  return counts.map((row) => ({
    groupId: byGroup ? row.group_id : null,
    status: row.status,
    rank: row.rank,
  }));
}

/** The streams that hold the list and tasks of other groups besides. @param counts those of all groups together */
export function streamsOfAll(
  counts: readonly CountRow[],
  { status, priorities }: TaskFilter,
  sort: TaskSort,
): readonly Stream[] {
  const wishes = { ...(status !== undefined && { status }), ...(priorities !== undefined && { priorities }) };
  return streamsOf(counts, wishes, sort);
}

/** A task's place in the list: first by what it is sorted by, then by creation and arrival. */
export function placeOf(row: ListedRow, sort: TaskSort): Position {
  return [leadOf(row, sort), row.created_at, row.seq];
}

/** Compares two tasks by their places, as often as a list has rows to skip. */
export function inOrderOf({ by, order }: TaskSort): (left: ListedRow, right: ListedRow) => number {
  const sign = order === 'asc' ? 1 : -1;
  const sort = { by, order };
  return (left, right) =>
    sign *
    ((by === 'created_at' ? 0 : leadOf(left, sort) - leadOf(right, sort)) ||
      left.created_at - right.created_at ||
      left.seq - right.seq);
}

/** What all tasks of a stream have in common in the sort; ascending means less urgent, or earlier in life, first. */
export function leadOf({ status, rank }: Pick<Stream, 'status' | 'rank'>, { by }: TaskSort): number {
  if (by === 'priority') return -(rank ?? 0);
  return by === 'status' ? (status ?? 0) : 0;
}

/** Where reading a stream begins: nowhere (`done`), behind a place, or at its start (null). */
export function startOf(stream: Stream, { sort, after }: TaskPageRequest): Position | 'done' | null {
  if (after === null) return null;
  const difference = leadOf(stream, sort) - (after[0] ?? 0);
  if (difference === 0) return after;
  return difference > 0 === (sort.order === 'asc') ? null : 'done';
}
