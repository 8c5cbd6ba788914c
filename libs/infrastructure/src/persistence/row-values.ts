import type { Lease, Task, Transition } from '@task/domain';
import { commandCode, gateCode, policyCode, rankOf, statusCode } from './codes';
import type { MomentDelta } from './roll-up-rows';
import type { Change } from './stored-task';
import { directoryOf, tagsText } from './task.mapper';

/** A value that both drivers bind as it is. */
export type Value = string | number | null;

/** Behind seq, group, key and id: the rest of a new row of `tasks`, in the order of its columns. */
export function insertedTaskValues({ state }: Task): readonly Value[] {
  return [
    statusCode(state.status),
    state.gate === null ? null : gateCode(state.gate),
    rankOf(state.priority),
    state.version,
    state.retryCount,
    state.maxRetries,
    state.autoRetry ? 1 : 0,
    state.needs?.pending ?? null,
    state.needs === null ? null : policyCode(state.needs.onFailure),
    state.isAwaited ? 1 : null,
    state.timeoutSeconds,
    state.availableAt,
    state.lastRetryAt,
    state.createdAt,
    state.updatedAt,
    state.startedAt,
    state.completedAt,
    state.cancelledAt,
    state.createdBy,
    state.updatedBy,
  ];
}

/** What of a task stands behind each of its tags: nothing that ever changes. */
export type TaggedValues = readonly [createdAt: number, seq: number, groupId: number, rank: number];

/** Behind the tag: a row of `task_tags`. */
export function taggedValues({ seq, groupId, after }: Change): TaggedValues {
  return [after.state.createdAt, seq, groupId, rankOf(after.state.priority)];
}

/** What a command can change of a row of `tasks`. */
export function updatedTaskValues({ state }: Task): readonly Value[] {
  return [
    statusCode(state.status),
    state.gate === null ? null : gateCode(state.gate),
    state.version,
    state.retryCount,
    state.needs?.pending ?? null,
    state.isAwaited ? 1 : null,
    state.availableAt,
    state.lastRetryAt,
    state.updatedAt,
    state.startedAt,
    state.completedAt,
    state.cancelledAt,
    state.updatedBy,
  ];
}

/** Behind seq: what a creator wrote of a row of `task_bodies`. */
export function bodyValues({ state }: Task): readonly Value[] {
  return [
    directoryOf(state).spelling,
    state.prompt,
    state.payload?.text ?? null,
    tagsText(state.tags),
    state.metadata?.text ?? null,
    state.concurrencyKey,
  ];
}

/** What commands write of a row of `task_bodies`. */
export function outcomeValues({ state }: Task): readonly Value[] {
  return [state.result?.text ?? null, state.errorMessage, state.cancelReason];
}

/** Behind seq: a row of `leases`. */
export function leaseValues(lease: Lease): readonly Value[] {
  return [
    lease.attempt,
    lease.token,
    lease.workerId,
    lease.lengthMs,
    lease.claimedAt,
    lease.expiresAt,
    lease.timeoutAt,
    lease.progress,
    lease.progressMessage,
    lease.endedBy === null ? null : commandCode(lease.endedBy),
    lease.slotUntil,
  ];
}

/** What a holder's write, or the lease's end, changes of a row of `leases`. */
export function renewedLeaseValues(lease: Lease): readonly Value[] {
  return [
    lease.expiresAt,
    lease.timeoutAt,
    lease.progress,
    lease.progressMessage,
    lease.endedBy === null ? null : commandCode(lease.endedBy),
    lease.slotUntil,
  ];
}

/** Behind event id and seq: a row of `task_history`. */
export function transitionValues(transition: Transition): readonly Value[] {
  return [
    transition.version,
    commandCode(transition.command),
    transition.from === null ? null : statusCode(transition.from),
    statusCode(transition.to),
    transition.attempt,
    transition.workerId,
    transition.at,
    transition.details === null ? null : JSON.stringify(transition.details),
  ];
}

/** A row of `stat_minutes` or `stat_hours`. */
export function momentValues(moment: MomentDelta): readonly Value[] {
  const { at, created, claimed, completed, failed, cancelled, retried, processingMs } = moment;
  return [at, created, claimed, completed, failed, cancelled, retried, processingMs];
}
