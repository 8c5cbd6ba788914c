import type { EpochMs } from './epoch-ms';
import type { Task } from './task';
import type { TaskCommand, TaskStatus } from './task-status';

/** What a transition tells beside its columns: `{reason: …, retry: 2}`. */
export type TransitionDetails = Readonly<Record<string, unknown>>;

/** A row of the task's history: one transition, creation included. */
export interface Transition {
  readonly kind: 'transition';
  readonly command: TaskCommand;
  readonly from: TaskStatus | null;
  readonly to: TaskStatus;
  /** The task's version after it. */
  readonly version: number;
  readonly attempt: number;
  readonly workerId: string | null;
  readonly at: EpochMs;
  readonly details: TransitionDetails | null;
}

/** What has to be stored together with the task. Data: whoever stores it does what it says. */
export type Effect = Transition;

/** What the domain decided: the task as it is now, and what else has to be stored in the same transaction. */
export interface Decision {
  readonly task: Task;
  readonly effects: readonly Effect[];
}

/** Decides about a loaded task at the store's time: pure and synchronous; refuses by throwing a `DomainError`. */
export type Decide = (task: Task, now: EpochMs) => Decision;
