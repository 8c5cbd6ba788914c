import type { EpochMs, TaskStatus } from '@task/domain';

/** How many tasks are in one status with one priority. */
export interface TaskCount {
  readonly status: TaskStatus;
  /** 1–10. */
  readonly priority: number;
  readonly tasks: number;
}

/** Which tasks to count; empty counts all. */
export interface KindFilter {
  readonly taskType?: string;
  readonly kbId?: string;
}

/** The tasks of one type. */
export interface TypeCount {
  readonly taskType: string;
  readonly tasks: Readonly<Record<TaskStatus, number>>;
  /** From claim to completion, summed over its completed tasks. */
  readonly processingMs: number;
}

/** A span of time: the beginning belongs to it, the end does not. */
export interface Span {
  readonly from: EpochMs;
  readonly to: EpochMs;
}

/** What happened to tasks between two moments. */
export interface Happened {
  readonly created: number;
  readonly claimed: number;
  readonly completed: number;
  /** Ended as failed, for good or until somebody retries them. */
  readonly failed: number;
  readonly cancelled: number;
  /** Went back to waiting: by a retry, by themselves, or because their lease ran out. */
  readonly retried: number;
  /** From claim to completion, summed over what was completed. */
  readonly processingMs: number;
}

/** What happened within a minute or an hour. */
export interface Moment extends Happened {
  /** Its beginning. */
  readonly at: EpochMs;
}

/** How many tasks took so long from claim to completion. */
export interface Duration {
  /** Within 1 % of what each of them took. */
  readonly ms: number;
  readonly tasks: number;
}

/** The two resolutions in which time is counted. */
export const MOMENT_MS = { minute: 60_000, hour: 3_600_000 } as const;

/**
 * Counts that are kept with every commit: exact whatever the number of tasks, and cheap at any. Times are cut at UTC's
 * minutes, hours and days.
 * @throws StoreUnavailable from every method
 */
export abstract class Statistics {
  /** How many tasks there are, by status and priority; without those of which there are none. */
  abstract counts(): Promise<readonly TaskCount[]>;

  /** The tasks of each type, most tasks first. @param limit types at most, from 1 */
  abstract types(filter: KindFilter, limit: number): Promise<readonly TypeCount[]>;

  /**
   * What happened, minute by minute or hour by hour, oldest first; without those in which nothing did.
   * @param span its ends are cut at such minutes or hours already
   */
  abstract moments(unit: keyof typeof MOMENT_MS, span: Span): Promise<readonly Moment[]>;

  /** How long tasks took that were completed within a span whose ends are at full minutes; shortest first. */
  abstract durationsWithin(span: Span): Promise<readonly Duration[]>;

  /** How long all tasks of a type took that were ever completed; shortest first. */
  abstract durationsOf(taskType: string): Promise<readonly Duration[]>;

  /**
   * Since when the first in line can be claimed, whichever priority's line has waited longest: since it was created,
   * came back or became due. Null when nothing can be claimed.
   */
  abstract claimableSince(): Promise<EpochMs | null>;
}
