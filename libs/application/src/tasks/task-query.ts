import type { EpochMs, TaskStatus } from '@task/domain';

/** By what a list can be sorted; `priority` by urgency, `status` in the order of `TASK_STATUSES`. */
export const TASK_SORTS = ['created_at', 'priority', 'status'] as const;

/** How a list is sorted; ties go by arrival, in the same direction. */
export interface TaskSort {
  readonly by: (typeof TASK_SORTS)[number];
  readonly order: 'asc' | 'desc';
}

/** Which tasks a list has: those that meet every condition given. */
export interface TaskFilter {
  readonly status?: TaskStatus;
  /** Both ends included. */
  readonly priorities?: { readonly from: number; readonly to: number };
  /** Part of the normalised work directory with a separator behind it, compared letter by letter. */
  readonly directoryContains?: string;
  readonly taskType?: string;
  readonly kbId?: string;
  readonly tags?: { readonly names: readonly string[]; readonly mode: 'all' | 'any' };
  /** Included. */
  readonly createdAfter?: EpochMs;
  /** Excluded. */
  readonly createdBefore?: EpochMs;
}

/** A place in a sorted list, as numbers that only the store that made them understands: three of them for tasks. */
export type Position = readonly number[];
