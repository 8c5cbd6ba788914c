import type { EpochMs, Task, Transition } from '@task/domain';

/** Tasks that became claimable, and what claims can ask for of them. */
export interface ReadyTasks {
  /** Normalised; null for tasks without a directory. */
  readonly directory: string | null;
  readonly taskType: string;
  readonly kbId: string | null;
  readonly count: number;
}

/** A transition, and the task around it. */
export interface Move {
  readonly transition: Transition;
  /** The task as it was before the commit; null for a new one. */
  readonly before: Task | null;
  /** The task as it is after the commit. */
  readonly after: Task;
}

/** What a commit changed for those who wait for something. */
export interface Commit {
  readonly ready: readonly ReadyTasks[];
  /** The earliest time for which a task was scheduled; null when none was. */
  readonly scheduledFor: EpochMs | null;
  /** The last event it wrote; null when it wrote none. */
  readonly lastEventId: number | null;
  /** Whether a task ended here that others depend on, and that they have to be told of. */
  readonly hasEndedDependency: boolean;
  /** What was done here, in the order in which it was; empty for a commit of another instance. */
  readonly moves: readonly Move[];
  /** Writes of holders, made here, that named no lease token; absent for none. */
  readonly unproven?: number;
  /** Commits of other instances were not heard of: anything may be claimable or scheduled that nobody was told of. */
  readonly isGap?: boolean;
}

/**
 * Tells of every commit after it is on disk, here and on other instances that write to the same database. Those of
 * others come a moment later, without what was done.
 */
export abstract class CommitFeed {
  /** @param listener called synchronously: it only takes notice, and never throws. @returns stops listening */
  abstract subscribe(listener: (commit: Commit) => void): () => void;
}
