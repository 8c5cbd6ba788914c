import type { Task } from '@task/domain';
import type { Dependency, TaskStore } from '../ports/task-store';

/** Bytes of JSON that the results which one claimed task is given come to at most. */
export const HANDED_ON_BYTES = 64 * 1024;

/** What claimed tasks are given of those that they depended on, by their ids; nothing for one that depended on none. */
export type HandedOn = ReadonlyMap<string, readonly Dependency[]>;

const NOTHING: HandedOn = new Map();

/**
 * Reads what the tasks have brought that claimed ones depended on, for their workers. Claims of tasks that depend on
 * nothing cost no read by it, all others one.
 */
export class HandOnResults {
  constructor(private readonly tasks: TaskStore) {}

  /** @param mostBytes what the results for one task may come to: others are left out, their size is told */
  async execute(claimed: readonly Task[], mostBytes = HANDED_ON_BYTES): Promise<HandedOn> {
    const ids = claimed.filter(({ state }) => state.needs !== null).map(({ id }) => id);
    return ids.length === 0 ? NOTHING : this.tasks.dependenciesOf(ids, mostBytes);
  }
}
