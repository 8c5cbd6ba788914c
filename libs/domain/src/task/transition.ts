import type { EpochMs } from './epoch-ms';
import type { TaskState } from './task-state';
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

/** The row of the history that a command writes which brought a task from `from` to this state. */
export function transitionTo(
  state: TaskState,
  command: TaskCommand,
  from: TaskStatus | null,
  at: EpochMs,
  details: TransitionDetails | null,
): Transition {
  const { status: to, version, retryCount, lease } = state;
  const isRetry = from !== null && to === 'waiting' && command !== 'release';
  return {
    kind: 'transition',
    command,
    from,
    to,
    version,
    attempt: lease?.attempt ?? 0,
    workerId: lease?.workerId ?? null,
    at,
    details: isRetry ? { ...details, retry: retryCount } : details,
  };
}
