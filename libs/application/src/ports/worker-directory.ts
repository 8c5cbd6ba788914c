import type { EpochMs } from '@task/domain';
import type { Cancellation } from '../call';

/** A task that a worker holds. */
export interface HeldTask {
  readonly taskId: string;
  readonly attempt: number;
  readonly since: EpochMs;
  readonly leaseExpiresAt: EpochMs;
  readonly progress: number;
}

/** What is known of a worker that gave its name. */
export interface WorkerRecord {
  readonly workerId: string;
  readonly firstSeen: EpochMs;
  /** Of its latest claim, holder's write or sign of life. */
  readonly lastSeen: EpochMs;
  readonly claimed: number;
  readonly completed: number;
  readonly failed: number;
  /** Attempts that were taken from it: expired, timed out. */
  readonly lost: number;
  /** Sum over its completed attempts. */
  readonly processingMs: number;
  /** What it holds now, oldest claim first, at most 100. */
  readonly holds: readonly HeldTask[];
}

/** How many workers there are. */
export interface WorkerCounts {
  /** All that were ever seen. */
  readonly known: number;
  /** Seen lately. */
  readonly alive: number;
  /** Of those, the ones that hold a task. */
  readonly busy: number;
}

/** Which workers there are, and what they do. */
export abstract class WorkerDirectory {
  /** Workers, last seen first. @param limit 1–1000 */
  abstract list(limit: number, offset: number): Promise<{ workers: readonly WorkerRecord[]; total: number }>;

  /** The worker of this name, or null when it was never seen. */
  abstract find(workerId: string): Promise<WorkerRecord | null>;

  /** How many there are. @param aliveSince whoever was seen then or later is alive */
  abstract count(aliveSince: EpochMs): Promise<WorkerCounts>;

  /** The ids of all tasks that a worker holds, oldest claim first. */
  abstract heldBy(workerId: string): Promise<readonly string[]>;

  /** The ids of tasks that were cancelled in a worker's hands, whose slots are kept until it is heard of. */
  abstract slotsOf(workerId: string): Promise<readonly string[]>;

  /** Takes down that a worker lives, at the store's time. It need not have been seen before. */
  abstract see(workerId: string, signal: Cancellation): Promise<void>;
}
