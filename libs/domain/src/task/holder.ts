import { LeaseLost, TaskAlreadyFinal, TaskCancelled, TaskNotWorking } from './task.errors';
import type { Lease } from './lease';
import type { TaskState } from './task-state';
import type { TaskCommand } from './task-status';

/** What a worker shows to prove that a task is its own; with neither, that somebody works on it has to do. */
export interface Proof {
  readonly leaseToken?: string | undefined;
  readonly workerId?: string | undefined;
}

/**
 * The lease that a holder's write stands on, or null when that lease was ended by the very same command before: the
 * answer got lost and the worker asks again.
 * @throws LeaseLost, TaskCancelled, TaskAlreadyFinal, TaskNotWorking. Source: behaviour.md 2 and 3.
 */
export function heldLease(state: TaskState, command: TaskCommand | 'renew', proof: Proof): Lease | null {
  const { lease } = state;
  if (contradicts(proof, lease)) throw new LeaseLost(state.id, state.status, command);
  if (state.status === 'working' && lease !== null) return lease;
  if (proof.leaseToken !== undefined && lease !== null) return endedLease(state, lease, command);
  if (state.status === 'cancelled') throw new TaskCancelled(state.id, state.status, command);
  if (state.status === 'completed') throw new TaskAlreadyFinal(state.id, state.status, command);
  throw new TaskNotWorking(state.id, state.status, command);
}

/** Says of what a holder did without a token that it did. */
export function markUnproven<Decided extends object>(
  { leaseToken }: Proof,
  decided: Decided,
): Decided & { readonly isUnproven?: true } {
  return leaseToken === undefined ? { ...decided, isUnproven: true } : decided;
}

function contradicts(proof: Proof, lease: Lease | null): boolean {
  if (proof.leaseToken !== undefined && proof.leaseToken !== lease?.token) return true;
  return (
    proof.workerId !== undefined &&
    lease !== null &&
    lease.workerId !== null &&
    proof.workerId !== lease.workerId
  );
}

/** The holder of a lease that has ended comes back: told how it ended, unless it was by its own same command. */
function endedLease(state: TaskState, lease: Lease, command: TaskCommand | 'renew'): null {
  if (lease.endedBy === command) return null;
  if (lease.endedBy === 'cancel') throw new TaskCancelled(state.id, state.status, command);
  if (lease.endedBy === 'complete') throw new TaskAlreadyFinal(state.id, state.status, command);
  if (lease.endedBy === 'fail' && state.status === 'failed') {
    throw new TaskNotWorking(state.id, state.status, command);
  }
  throw new LeaseLost(state.id, state.status, command);
}
