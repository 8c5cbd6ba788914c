import type { EpochMs } from './epoch-ms';
import type { Failure } from './failure';
import { gateOf } from './gate';
import { heldLease, markUnproven, type Proof } from './holder';
import { isSameDocument, type JsonDocument } from './json-document';
import {
  cancelLease,
  endLease,
  keepsSlot,
  openLease,
  renewLease,
  withoutSlot,
  type Lease,
  type LeaseTerms,
} from './lease';
import type { Needs } from './needs';
import { backoffMs, type RetryPolicy } from './retry-policy';
import type { TaskDraft, TaskState } from './task-state';
import { transitionTo, type Effect, type TransitionDetails } from './transition';
import { requireValid } from './valid-draft';
import { isTransition, type TaskCommand, type TaskStatus } from './task-status';
import {
  RetriesExhausted,
  TaskAlreadyFinal,
  TaskNotFailed,
  TaskNotWaiting,
  TaskNotWorking,
} from './task.errors';

type Patch = Partial<TaskState> & { readonly status: TaskStatus };

/** What the domain decided: the task as it is now, and what else has to be stored in the same transaction. */
export interface Decision {
  readonly task: Task;
  readonly effects: readonly Effect[];
  /** Of a new task: the ids of those that it depends on. */
  readonly dependsOn?: readonly string[];
  /** Present of what a holder did without naming a lease token. Counted, not kept. */
  readonly isUnproven?: true;
}

/** Decides about a loaded task at the store's time: pure and synchronous; refuses by throwing a `DomainError`. */
export type Decide = (task: Task, now: EpochMs) => Decision;

/**
 * A unit of work and its state machine. Immutable: every command returns a {@link Decision} or throws a
 * `DomainError`, and changes nothing by itself.
 */
export class Task {
  constructor(readonly state: TaskState) {}

  /**
   * Makes a waiting task.
   * @param needs what it waits for; null when it depends on nothing
   * @throws InvalidTask with every violation of its rules.
   */
  static create(
    draft: TaskDraft,
    id: string,
    actor: string,
    now: EpochMs,
    needs: Needs | null = null,
  ): Decision {
    requireValid(draft);
    const { availableAt, concurrencyKey } = draft;
    const state: TaskState = {
      id,
      status: 'waiting',
      gate: gateOf({ availableAt, needs, concurrencyKey }, now),
      needs,
      isAwaited: false,
      lease: null,
      retryCount: 0,
      lastRetryAt: null,
      result: null,
      errorMessage: null,
      cancelReason: null,
      createdAt: now,
      updatedAt: now,
      startedAt: null,
      completedAt: null,
      cancelledAt: null,
      createdBy: actor,
      updatedBy: actor,
      version: 1,
      // Last: in the running service this literal took 24 µs with the spread first, and 0.25 µs this way round.
      ...draft,
    };
    return decided(null, 'create', state, now, null);
  }

  get id(): string {
    return this.state.id;
  }

  get status(): TaskStatus {
    return this.state.status;
  }

  /** Claims made of it so far. */
  get attempt(): number {
    return this.state.lease?.attempt ?? 0;
  }

  /** Hands the task to a worker. @throws TaskNotWaiting when it is not there to be claimed. */
  claim(terms: LeaseTerms, actor: string, now: EpochMs): Decision {
    if (this.status !== 'waiting' || this.state.gate !== 'ready') {
      throw new TaskNotWaiting(this.id, this.status, 'claim');
    }
    const lease = openLease(terms, this.attempt + 1, this.state.timeoutSeconds, now);
    const patch: Patch = { status: 'working', gate: null, lease, startedAt: now, completedAt: null };
    return this.after('claim', patch, terms.workerId ?? actor, now);
  }

  /** Ends it well. The same completion again, by the token that made it, changes nothing and is fine. */
  complete(result: JsonDocument | null, proof: Proof, actor: string, now: EpochMs): Decision {
    const lease = heldLease(this.state, 'complete', proof);
    if (lease === null) return this.again('complete', isSameDocument(this.state.result, result));
    const patch: Patch = {
      status: 'completed',
      lease: endLease(lease, 'complete', 100),
      result,
      errorMessage: null,
      completedAt: now,
    };
    return markUnproven(proof, this.after('complete', patch, lease.workerId ?? actor, now));
  }

  /** Ends the attempt badly: failed, or waiting again for one that retries itself and has retries left. */
  fail(failure: Failure, proof: Proof, retry: RetryPolicy, actor: string, now: EpochMs): Decision {
    const lease = heldLease(this.state, 'fail', proof);
    if (lease === null) return this.again('fail', this.state.errorMessage === failure.errorMessage);
    const { errorMessage, result } = failure;
    const ended = { lease: endLease(lease, 'fail'), errorMessage, result };
    const details = { reason: errorMessage };
    const patch: Patch =
      failure.retryable && this.retriesItself
        ? { ...ended, ...this.backIn(backoffMs(retry, this.state.retryCount), now) }
        : { ...ended, status: 'failed', completedAt: now };
    return markUnproven(proof, this.after('fail', patch, lease.workerId ?? actor, now, details));
  }

  /** The holder gives it back: claimable at once, no retry counted. */
  release(reason: string | null, proof: Proof, actor: string, now: EpochMs): Decision {
    const lease = heldLease(this.state, 'release', proof);
    if (lease === null) return { task: this, effects: [] };
    const patch: Patch = {
      status: 'waiting',
      gate: gateOf({ ...this.state, availableAt: null }, now),
      startedAt: null,
      lease: endLease(lease, 'release'),
    };
    const details = reason === null ? null : { reason };
    return markUnproven(proof, this.after('release', patch, lease.workerId ?? actor, now, details));
  }

  /** The lease ran out: back to the queue for a retry, or failed when none is left. */
  expire(now: EpochMs): Decision {
    const lease = this.workingLease('expire');
    const ended = { lease: endLease(lease, 'expire') };
    const reason = `the lease of attempt ${lease.attempt} ran out`;
    const patch: Patch =
      this.state.retryCount < this.state.maxRetries
        ? { ...ended, ...this.backIn(0, now) }
        : { ...ended, status: 'failed', errorMessage: reason, completedAt: now };
    return this.after('expire', patch, null, now, { reason });
  }

  /** Its `timeoutSeconds` ran out: failed, or waiting again for one that retries itself and has retries left. */
  timeOut(retry: RetryPolicy, now: EpochMs): Decision {
    const lease = this.workingLease('time_out');
    const reason = `timed out after ${this.state.timeoutSeconds ?? 0} s`;
    const ended = { lease: endLease(lease, 'time_out'), errorMessage: reason };
    const patch: Patch = this.retriesItself
      ? { ...ended, ...this.backIn(backoffMs(retry, this.state.retryCount), now) }
      : { ...ended, status: 'failed', completedAt: now };
    return this.after('time_out', patch, null, now, { reason });
  }

  /** Gives it up. Unless forced, only while it waits. */
  cancel(reason: string | null, force: boolean, actor: string | null, now: EpochMs): Decision {
    const { lease, status, concurrencyKey } = this.state;
    if (!isTransition(status, 'cancel', 'cancelled')) throw new TaskAlreadyFinal(this.id, status, 'cancel');
    if (status !== 'waiting' && !force) throw new TaskNotWaiting(this.id, status, 'cancel');
    const patch: Patch = {
      status: 'cancelled',
      gate: null,
      lease: lease !== null && lease.endedBy === null ? cancelLease(lease, concurrencyKey) : lease,
      cancelReason: reason,
      cancelledAt: now,
    };
    return this.after('cancel', patch, actor, now, reason === null ? null : { reason });
  }

  /** Puts a failed task back into the queue, claimable at once. @throws TaskNotFailed, RetriesExhausted, … */
  retry(actor: string, now: EpochMs): Decision {
    const { status, retryCount, maxRetries } = this.state;
    if (status === 'completed' || status === 'cancelled')
      throw new TaskAlreadyFinal(this.id, status, 'retry');
    if (status !== 'failed') throw new TaskNotFailed(this.id, status, 'retry');
    if (retryCount >= maxRetries) throw new RetriesExhausted(this.id, maxRetries);
    return this.after('retry', { ...this.backIn(0, now), result: null }, actor, now);
  }

  /** The holder lives: renews its lease, and tells how far it is. No transition: neither version nor history. */
  renew(report: { progress?: number; message?: string | null }, proof: Proof, now: EpochMs): Decision {
    const held = heldLease(this.state, 'renew', proof);
    if (held === null) throw new TaskNotWorking(this.id, this.status, 'renew');
    const lease: Lease = {
      ...renewLease(held, now),
      progress: report.progress ?? held.progress,
      progressMessage: report.message === undefined ? held.progressMessage : report.message,
    };
    return markUnproven(proof, { task: new Task({ ...this.state, lease }), effects: [] });
  }

  /** Takes the task from a worker whose time is over: timed out, or expired. Still in time, nothing changes. */
  lapse(retry: RetryPolicy, now: EpochMs): Decision {
    const { lease } = this.state;
    const slotUntil = lease?.slotUntil ?? null;
    if (slotUntil !== null && slotUntil <= now) return { task: this.slotFreed(), effects: [] };
    if (this.status !== 'working' || lease === null) return { task: this, effects: [] };
    if (lease.timeoutAt !== null && lease.timeoutAt <= now) return this.timeOut(retry, now);
    return lease.expiresAt <= now ? this.expire(now) : { task: this, effects: [] };
  }

  /** Its time has come: claimable from now on. No transition. */
  becomeDue(now: EpochMs): Task {
    return this.state.gate === 'scheduled'
      ? new Task({ ...this.state, gate: gateOf(this.state, now) })
      : this;
  }

  /** The worker of a cancelled task knows it, or its lease has ended: the slot is free. No transition. */
  slotFreed(): Task {
    const { lease } = this.state;
    return lease === null || !keepsSlot(lease)
      ? this
      : new Task({ ...this.state, lease: withoutSlot(lease) });
  }

  private get retriesItself(): boolean {
    return this.state.autoRetry && this.state.retryCount < this.state.maxRetries;
  }

  private backIn(delayMs: number, now: EpochMs): Patch {
    const availableAt = delayMs > 0 ? now + delayMs : this.state.availableAt;
    return {
      status: 'waiting',
      gate: gateOf({ ...this.state, availableAt }, now),
      availableAt,
      retryCount: this.state.retryCount + 1,
      lastRetryAt: now,
      startedAt: null,
      completedAt: null,
    };
  }

  private workingLease(command: TaskCommand): Lease {
    const { lease } = this.state;
    if (this.status !== 'working' || lease === null) throw new TaskNotWorking(this.id, this.status, command);
    return lease;
  }

  private again(command: TaskCommand, isSame: boolean): Decision {
    if (!isSame) throw new TaskAlreadyFinal(this.id, this.status, command);
    return { task: this, effects: [] };
  }

  private after(
    command: TaskCommand,
    patch: Patch,
    by: string | null,
    now: EpochMs,
    details: TransitionDetails | null = null,
  ): Decision {
    const { version, updatedBy } = this.state;
    const next = {
      ...this.state,
      ...patch,
      updatedAt: now,
      updatedBy: by ?? updatedBy,
      version: version + 1,
    };
    return decided(this.status, command, next, now, details);
  }
}

function decided(
  from: TaskStatus | null,
  command: TaskCommand,
  state: TaskState,
  now: EpochMs,
  details: TransitionDetails | null,
): Decision {
  return { task: new Task(state), effects: [transitionTo(state, command, from, now, details)] };
}
