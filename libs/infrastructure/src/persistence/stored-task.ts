import type { Task, Transition } from '@task/domain';

/** A task with what only the store knows of it. */
export interface StoredTask {
  /** Order of arrival, and the key that every other table uses. */
  readonly seq: number;
  /** Its directory, type and knowledge base, as one number. */
  readonly groupId: number;
  /** Its concurrency key, as a number; null for a task without one. */
  readonly keyId: number | null;
  readonly task: Task;
}

/** What one group of commands made of a task: from what was loaded (null for a new one) to what is to be stored. */
export interface Change {
  readonly seq: number;
  readonly groupId: number;
  readonly keyId: number | null;
  readonly before: Task | null;
  readonly after: Task;
}

/** Where a task is kept: what its rows are found and counted by. */
export type Place = Pick<StoredTask, 'seq' | 'groupId' | 'keyId'>;

/** A transition with the task that it belongs to. */
export interface LoggedTransition {
  readonly seq: number;
  readonly transition: Transition;
}

/** By how many more tasks wait after these changes. */
export function waitingMore(changes: Iterable<Pick<Change, 'before' | 'after'>>): number {
  let sum = 0;
  for (const { before, after } of changes) {
    sum += Number(after.status === 'waiting') - Number(before?.status === 'waiting');
  }
  return sum;
}

/** Whether a task can be claimed. */
export function isReady({ state }: Task): boolean {
  return state.status === 'waiting' && state.gate === 'ready';
}
