import type { EpochMs } from './epoch-ms';
import type { TaskCommand } from './task-status';

/**
 * One worker's hold on a task, from its claim on. Kept after its end, so that the same answer can be given again to a
 * worker that lost it.
 */
export interface Lease {
  /** Counts the claims of the task, from 1. */
  readonly attempt: number;
  /** The fencing token: unguessable, new at every claim. */
  readonly token: string;
  /** The name the worker gave, 1–100 printable characters, or null. A convenience: the token is the fence. */
  readonly workerId: string | null;
  /** How long each renewal lasts, in milliseconds. */
  readonly lengthMs: number;
  readonly claimedAt: EpochMs;
  /** When it runs out unless it is renewed; meaningless once ended. */
  readonly expiresAt: EpochMs;
  /** When the task's own time-out ends it, renewed or not; null without one. */
  readonly timeoutAt: EpochMs | null;
  /** 0–100. */
  readonly progress: number;
  readonly progressMessage: string | null;
  /** The command that ended it; null while it is held. */
  readonly endedBy: TaskCommand | null;
  /**
   * Until when its worker, which does not know yet that the task was cancelled, keeps the slot of the task's
   * concurrency key; null in every other case.
   */
  readonly slotUntil: EpochMs | null;
}

/** What a worker's claim brings along. */
export interface LeaseTerms {
  readonly token: string;
  readonly workerId: string | null;
  readonly lengthMs: number;
}

/** Opens the lease of a claim. */
export function openLease(
  terms: LeaseTerms,
  attempt: number,
  timeoutSeconds: number | null,
  now: EpochMs,
): Lease {
  return {
    ...terms,
    attempt,
    claimedAt: now,
    expiresAt: now + terms.lengthMs,
    timeoutAt: timeoutSeconds === null ? null : now + timeoutSeconds * 1000,
    progress: 0,
    progressMessage: null,
    endedBy: null,
    slotUntil: null,
  };
}

/** The same lease, good for its length from `now` on. Never shortens it. */
export function renewLease(lease: Lease, now: EpochMs): Lease {
  return { ...lease, expiresAt: Math.max(lease.expiresAt, now + lease.lengthMs) };
}

/** The lease after the command that ended it. */
export function endLease(lease: Lease, endedBy: TaskCommand, progress: number = lease.progress): Lease {
  return { ...lease, endedBy, progress };
}

/** The lease of a cancelled task: its worker does not know yet, and may go on for as long as it may believe in it. */
export function cancelLease(lease: Lease, concurrencyKey: string | null): Lease {
  return { ...endLease(lease, 'cancel'), slotUntil: concurrencyKey === null ? null : lease.expiresAt };
}

/** Whether it keeps a slot of a concurrency key beyond its end. */
export function keepsSlot({ slotUntil }: Lease): boolean {
  return slotUntil !== null;
}

/** The same lease without its slot. */
export function withoutSlot(lease: Lease): Lease {
  return { ...lease, slotUntil: null };
}
