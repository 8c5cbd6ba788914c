import type { TaskFilter } from '@task/application';
import { COUNT_AT_MOST, groupFilter } from './list-plan';
import type { TagFilter } from './tag-filter';
import { RARE_TAG } from './tagged-statement';

/** How many tasks a list holds: up to 10 000, and whether there may be more. */
export interface Total {
  readonly total: number;
  readonly totalCapped: boolean;
}

/** No more tasks than so many are looked at for a total. */
export const MOST_COUNTED = COUNT_AT_MOST + 1;

export const NO_TOTAL: Total = { total: 0, totalCapped: false };

/** Beyond so many that were looked at there may be more. */
export function totalOf({ matches, looked }: { readonly matches: number; readonly looked: number }): Total {
  return { total: Math.min(matches, COUNT_AT_MOST), totalCapped: looked > COUNT_AT_MOST };
}

/** Whether it is less to look at the tasks with the tags than to look for tags along the streams. */
export function isCountedByTag(
  { tags, total }: { readonly tags: TagFilter; readonly total: number },
  { status }: TaskFilter,
): boolean {
  if (tags.isOn === null) return false;
  if (status !== undefined) return tags.tasks <= Math.min(RARE_TAG, total);
  return total > COUNT_AT_MOST || tags.tasks <= total;
}

/** The total of a list of which a single tag is all that is asked for: it has been counted already. */
export function totalOfOneTag(tags: TagFilter, filter: TaskFilter): Total | null {
  const { createdAfter, createdBefore, priorities, status } = filter;
  const others = [createdAfter, createdBefore, priorities, status];
  if (filter.tags?.names.length !== 1 || others.some((wish) => wish !== undefined)) return null;
  if (groupFilter(filter).where !== '') return null;
  const counted = Math.min(tags.tasks, MOST_COUNTED);
  return totalOf({ matches: counted, looked: counted });
}
