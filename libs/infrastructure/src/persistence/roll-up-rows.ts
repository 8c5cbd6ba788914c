import type { EpochMs } from '@task/domain';

/** One row of `task_counts` and how much it changes. */
export interface CountDelta {
  readonly groupId: number;
  readonly status: number;
  readonly rank: number;
  tasks: number;
  processingMs: number;
}

/** One row of `queue_blocks`: ready tasks of one rank among 1024 neighbours by arrival. */
export interface BlockDelta {
  readonly rank: number;
  readonly block: number;
  ready: number;
}

/** One row of `type_counts`: the tasks of a type that belong to one knowledge base, or ('') to none. */
export interface TypeDelta {
  readonly kbId: string;
  readonly taskType: string;
  readonly status: number;
  tasks: number;
  processingMs: number;
}

/** One row of `stat_minutes` or `stat_hours`: what happened within a minute or an hour. */
export interface MomentDelta {
  /** Its beginning. */
  readonly at: EpochMs;
  created: number;
  claimed: number;
  completed: number;
  failed: number;
  cancelled: number;
  retried: number;
  processingMs: number;
}

/**
 * One row of `time_bins`: how many tasks took about as long. Of all types ('') within a minute, an hour or a day, and of
 * one type since ever (a span of 0).
 */
export interface TimeDelta {
  readonly taskType: string;
  readonly spanMs: number;
  readonly start: EpochMs;
  readonly bin: number;
  tasks: number;
}

/** One row of `workers`: what a worker did, and when it was last heard of. */
export interface WorkerDelta {
  readonly name: string;
  seenAt: number;
  claimed: number;
  completed: number;
  failed: number;
  lost: number;
  processingMs: number;
}

/** One row of `concurrency_keys` and how much it changes. */
export interface KeyDelta {
  readonly keyId: number;
  working: number;
  ready: number;
  held: number;
}

/** Everything that one group of commands adds to the counters, folded: one row for each counter touched. */
export interface RollUps {
  readonly counts: readonly CountDelta[];
  readonly ready: readonly { readonly groupId: number; ready: number }[];
  readonly blocks: readonly BlockDelta[];
  readonly types: readonly TypeDelta[];
  readonly minutes: readonly MomentDelta[];
  readonly hours: readonly MomentDelta[];
  readonly times: readonly TimeDelta[];
  readonly workers: readonly WorkerDelta[];
  readonly keys: readonly KeyDelta[];
}
