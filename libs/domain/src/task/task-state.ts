import type { EpochMs } from './epoch-ms';
import type { Gate } from './gate';
import type { JsonDocument } from './json-document';
import type { Lease } from './lease';
import type { Needs } from './needs';
import type { TaskStatus } from './task-status';

/** What a creator asks for; limits are in `TASK_RULES`. */
export interface TaskDraft {
  readonly taskType: string;
  /** As the creator wrote it; compared after `normalisePath`. */
  readonly workDirectory: string | null;
  readonly kbId: string | null;
  readonly prompt: string | null;
  readonly payload: JsonDocument | null;
  /** 1–10, 10 first. */
  readonly priority: number;
  readonly tags: readonly string[];
  readonly metadata: JsonDocument | null;
  /** Not claimable before. */
  readonly availableAt: EpochMs | null;
  /** How long an attempt may take, counted from its claim. */
  readonly timeoutSeconds: number | null;
  readonly maxRetries: number;
  /** Whether a failure sends it back by itself while retries are left. */
  readonly autoRetry: boolean;
  /** Tasks with the same key share its slots: so many of them are worked on at once as the key's limit says. */
  readonly concurrencyKey: string | null;
}

/** Everything that is known of a task. Immutable; times are epoch ms. */
export interface TaskState extends TaskDraft {
  /** UUID v4. */
  readonly id: string;
  readonly status: TaskStatus;
  /** What stands between it and a claim; null unless it waits. */
  readonly gate: Gate | null;
  /** What it waits for beside its time and its key; null for a task that depends on nothing. */
  readonly needs: Needs | null;
  /** Whether others depend on it. */
  readonly isAwaited: boolean;
  /** Its latest claim, held or ended; null before the first. */
  readonly lease: Lease | null;
  readonly retryCount: number;
  readonly lastRetryAt: EpochMs | null;
  readonly result: JsonDocument | null;
  readonly errorMessage: string | null;
  readonly cancelReason: string | null;
  readonly createdAt: EpochMs;
  readonly updatedAt: EpochMs;
  /** Of the latest claim. */
  readonly startedAt: EpochMs | null;
  /** When it ended as completed or failed. */
  readonly completedAt: EpochMs | null;
  readonly cancelledAt: EpochMs | null;
  /** Name of the key that created it. */
  readonly createdBy: string | null;
  /** Name of the key, or the worker, that last changed it. */
  readonly updatedBy: string | null;
  /** One more after each transition, from 1: the optimistic lock. */
  readonly version: number;
}
