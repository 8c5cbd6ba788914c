import type { TaskPageRequest } from '@task/application';
import { COUNT_AT_MOST, MAX_MERGED_STREAMS, isCounted, type CountRow } from './list-plan';
import type { TagFilter } from './tag-filter';

/** What counters tell together. */
export interface Sum {
  readonly tasks: number;
  readonly streams: number;
}

/** To open so many costs about as much as to look for a way around it. */
const FEW_STREAMS = 32;

/** Costs of a look at a row of a stream, at the head of another stream, at a row of a tag, and at a task by its tag, as measured, in µs. */
const COST = { row: 1, head: 3, ofTag: 1, tagged: 2 };

/** Of how many groups the streams are merged as they are. */
export function mostMerged({ filter, sort }: TaskPageRequest): number {
  // A total that has to be counted is counted along those streams, and priorities and statuses have no heads.
  return isCounted(filter) && sort.by === 'created_at' ? FEW_STREAMS : MAX_MERGED_STREAMS;
}

/**
 * Of the streams of very many groups: whether to look at the first of each, which tells those that a page can need, or
 * at all tasks of whatever group.
 * @param everywhere tasks of the same statuses and priorities, whatever their groups
 */
export function areHeadsShorter(
  sum: Sum,
  everywhere: number,
  tags: TagFilter,
  request: TaskPageRequest,
): boolean {
  // The first of a stream says nothing of those behind it that have the tags.
  if (request.sort.by !== 'created_at' || tags.isOn !== null) return false;
  return sum.streams * COST.head < (rowsOf(request) * everywhere * COST.row) / Math.max(sum.tasks, 1);
}

/**
 * Whether it is less to look at tasks with a tag than to meet enough of them on the way.
 * @param total tasks of the list, whatever their tags
 * @param everything all tasks that any list shows
 */
export function isTagShorter(
  { tasks }: TagFilter,
  { total, everything }: { readonly total: number; readonly everything: number },
  request: TaskPageRequest,
): boolean {
  const { filter, sort } = request;
  const isInOrder = sort.by === 'created_at';
  // Of a common tag nobody knows how common it is: its stream is the shorter one where the other is of all tasks.
  if (tasks > COUNT_AT_MOST) return isInOrder && total === everything;
  const met = (rowsOf(request) * everything) / Math.max(tasks, 1);
  const along = Math.min(total, met) * COST.row;
  if (!isInOrder) return tasks * COST.tagged < along;
  const perRow = filter.status === undefined ? COST.ofTag : COST.ofTag + COST.tagged;
  return Math.min(tasks, (rowsOf(request) * everything) / total) * perRow < along;
}

/** Rows that are found for a page: those before it, its own, and one that says that there are more. */
export function rowsOf({ offset, limit }: TaskPageRequest): number {
  return offset + limit + 1;
}

/** The tasks that counters tell. */
export function sumOf(counts: readonly CountRow[]): number {
  return counts.reduce((sum, { tasks }) => sum + tasks, 0);
}
