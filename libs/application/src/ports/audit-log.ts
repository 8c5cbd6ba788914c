import type { EpochMs } from '@task/domain';
import type { Origin } from '../call';

/** The sensitive things that are written down. */
export const AUDIT_ACTIONS = [
  'key.create',
  'key.revoke',
  'config.change',
  'task.cancel',
  'task.force_cancel',
  'task.bulk_cancel',
  'task.bulk_retry',
  'schedule.create',
  'schedule.change',
  'schedule.delete',
  'access.refused',
  'concurrency_key.limit',
] as const;

/** One of {@link AUDIT_ACTIONS}. */
export type AuditAction = (typeof AUDIT_ACTIONS)[number];

/** How it ended: it was done, or a rule refused it and nothing was changed. */
export const AUDIT_OUTCOMES = ['done', 'refused'] as const;

/** One of {@link AUDIT_OUTCOMES}. */
export type AuditOutcome = (typeof AUDIT_OUTCOMES)[number];

/** Somebody did a sensitive thing, or was refused it. Holds no secret and no text of a task. */
export interface AuditRecord {
  /** Name of the caller's key; null for a caller without a valid one. */
  readonly actor: string | null;
  readonly action: AuditAction;
  readonly outcome: AuditOutcome;
  /** What it was done to: the id of a task or a key; null where there is no such thing. */
  readonly target: string | null;
  readonly origin?: Origin | undefined;
  /** Figures and names, at most 8 KiB of JSON. */
  readonly details?: Readonly<Record<string, unknown>> | undefined;
  /** How many alike this one row stands for; 1 unless said. */
  readonly count?: number | undefined;
}

/** A record as it is kept. */
export interface AuditEntry extends Required<Omit<AuditRecord, 'origin'>>, Origin {
  /** Rises with every row. */
  readonly id: number;
  /** When it was written down, by the store's clock. */
  readonly at: EpochMs;
  readonly count: number;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Which entries a reader wants; empty wants all. */
export interface AuditFilter {
  readonly actor?: string;
  readonly action?: AuditAction;
  /** Included. */
  readonly after?: EpochMs;
  /** Excluded. */
  readonly before?: EpochMs;
}

/** A place in the log: the time and the id of an entry. */
export type AuditPosition = readonly [at: EpochMs, id: number];

/** A page of entries, the latest first. */
export interface AuditPage {
  readonly entries: readonly AuditEntry[];
  /** Where the next page begins: behind this entry. Null on the last page. */
  readonly next: AuditPosition | null;
}

/**
 * Who did which sensitive thing. Rows are only added: there is no way here to change one or take one away, and the
 * databases refuse it too.
 * @throws StoreUnavailable from every method
 */
export abstract class AuditLog {
  /** Writes down what happened, in this order; settles when it is on disk. */
  abstract record(...records: readonly AuditRecord[]): Promise<void>;

  /**
   * A page of what was written down.
   * @param limit 1–1000
   * @param behind where the page before has ended; null begins with the latest
   */
  abstract list(filter: AuditFilter, limit: number, behind: AuditPosition | null): Promise<AuditPage>;
}
