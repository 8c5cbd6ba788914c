import type { EpochMs } from '@task/domain';

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
  /** Of its latest claim or holder's write. */
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

/** Which workers there are, and what they do. */
export abstract class WorkerDirectory {
  /** Workers, last seen first. @param limit 1–1000 */
  abstract list(limit: number, offset: number): Promise<{ workers: readonly WorkerRecord[]; total: number }>;

  /** The worker of this name, or null when it was never seen. */
  abstract find(workerId: string): Promise<WorkerRecord | null>;
}
