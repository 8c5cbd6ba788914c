import type { RetryPolicy, TaskTypes } from '@task/domain';

/** The rules that the operator sets; read anew at every use, since they can change while the service runs. */
export abstract class Policy {
  /** Length of a lease whose claim asks for none, in milliseconds. */
  abstract readonly leaseMs: number;
  /** How long after its last sign of life a worker counts as alive, in milliseconds. */
  abstract readonly workerTtlMs: number;
  /** Whether holders' writes must name their token. */
  abstract readonly requireLeaseToken: boolean;
  /** Waiting tasks beyond which no new one is taken. */
  abstract readonly maxWaiting: number;
  /** Share of memory, 0–1, from which new work is refused; 1 refuses none. */
  abstract readonly maxMemoryShare: number;
  /** Similarity, 0–1, that an original prompt must reach. */
  abstract readonly promptMatchThreshold: number;
  /** Words that a prompt must have. */
  abstract readonly promptMinWords: number;
  /** Waits between automatic retries. */
  abstract readonly retry: RetryPolicy;
  /** How long tasks that have ended stay among the others, in milliseconds; null for ever. */
  abstract readonly retentionMs: number | null;
  /** The registered types of tasks. */
  abstract readonly taskTypes: TaskTypes;
}
