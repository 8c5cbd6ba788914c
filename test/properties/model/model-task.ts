import type { TaskCommand, TaskStatus } from '@task/domain';

/** What the model knows of one claim. */
export interface ModelLease {
  readonly token: string;
  readonly worker: string | null;
  readonly attempt: number;
  readonly lengthMs: number;
  readonly claimedAt: number;
  expiresAt: number;
  timeoutAt: number | null;
  endedBy: TaskCommand | null;
}

/** What the model knows of one task: plain data, changed in place. */
export interface ModelTask {
  readonly id: string;
  readonly priority: number;
  readonly taskType: string;
  readonly maxRetries: number;
  readonly autoRetry: boolean;
  readonly timeoutSeconds: number | null;
  status: TaskStatus;
  gate: 'ready' | 'scheduled' | null;
  availableAt: number | null;
  retryCount: number;
  version: number;
  lease: ModelLease | null;
  /** Of all its claims. */
  readonly tokens: string[];
  result: string | null;
  errorMessage: string | null;
}

/** A row that the event log must have. */
export interface ModelEvent {
  readonly taskId: string;
  readonly command: TaskCommand;
  readonly from: TaskStatus | null;
  readonly to: TaskStatus;
  readonly version: number;
  readonly attempt: number;
  readonly workerId: string | null;
}

/** What a caller is told of a task. */
export interface Told {
  readonly id: string;
  readonly status: TaskStatus;
  readonly version: number;
  readonly retryCount: number;
  readonly token: string | null;
  readonly endedBy: TaskCommand | null;
}

/** What comes of a command. */
export type Outcome = { readonly ok: readonly Told[] } | { readonly refused: string };

/** What a caller shows to prove that a task is its own. */
export interface Shown {
  readonly leaseToken?: string;
  readonly workerId?: string;
}

export function toldOf({ id, status, version, retryCount, lease }: ModelTask): Told {
  const { token = null, endedBy = null } = lease ?? {};
  return { id, status, version, retryCount, token, endedBy };
}

/** When a task's worker has to be done; never while nobody works on it. */
export function endOf({ status, lease }: ModelTask): number {
  if (status !== 'working' || lease === null) return Infinity;
  return Math.min(lease.expiresAt, lease.timeoutAt ?? Infinity);
}

/** Why a holder's write is refused; 'again' where it was done by the very same command before; null where it is fine. */
export function refusalOf(task: ModelTask, command: TaskCommand | 'renew', shown: Shown): string | null {
  const { lease, status } = task;
  const { leaseToken, workerId } = shown;
  if (leaseToken !== undefined && leaseToken !== lease?.token) return 'task.lease_lost';
  const isAnother =
    workerId !== undefined && lease !== null && lease.worker !== null && lease.worker !== workerId;
  if (isAnother) return 'task.lease_lost';
  if (status === 'working') return null;
  if (leaseToken === undefined) {
    if (status === 'cancelled') return 'task.cancelled';
    return status === 'completed' ? 'task.already_final' : 'task.not_working';
  }
  if (lease?.endedBy === command) return 'again';
  if (lease?.endedBy === 'cancel') return 'task.cancelled';
  if (lease?.endedBy === 'complete') return 'task.already_final';
  return lease?.endedBy === 'fail' && status === 'failed' ? 'task.not_working' : 'task.lease_lost';
}
