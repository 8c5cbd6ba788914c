import type { TaskStatus } from './task-status';

/**
 * What becomes of a task when one that it depends on has failed for good, or was cancelled.
 * - wait: goes on waiting; a retry of the failed one can still heal it.
 * - cancel: is cancelled too.
 * - run: runs all the same.
 */
export const DEPENDENCY_POLICIES = ['wait', 'cancel', 'run'] as const;

/** One of {@link DEPENDENCY_POLICIES}. */
export type DependencyPolicy = (typeof DEPENDENCY_POLICIES)[number];

/** What a task waits for. */
export interface Needs {
  /** Dependencies that still stand in its way. */
  readonly pending: number;
  readonly onFailure: DependencyPolicy;
}

/**
 * What the status of a dependency means to a task that depends on it. Open may become anything, met and broken are
 * for good: a dependency that counted once never counts again.
 */
export type Verdict = 'open' | 'met' | 'broken';

/** Judges a dependency. A task that is failed has no automatic retry left: only somebody's hand can bring it back. */
export function verdictOn(status: TaskStatus, onFailure: DependencyPolicy): Verdict {
  if (status === 'completed') return 'met';
  if (status !== 'failed' && status !== 'cancelled') return 'open';
  if (onFailure === 'wait') return 'open';
  return onFailure === 'run' ? 'met' : 'broken';
}

/** Whether a task in this status can decide about those that depend on it. */
export function isDecisive(status: TaskStatus): boolean {
  return status === 'completed' || status === 'failed' || status === 'cancelled';
}

/** What a new task waits for, or null for one that depends on nothing. */
export function needsOf(dependencies: readonly TaskStatus[], onFailure: DependencyPolicy): Needs | null {
  if (dependencies.length === 0) return null;
  return {
    pending: dependencies.filter((status) => verdictOn(status, onFailure) === 'open').length,
    onFailure,
  };
}
