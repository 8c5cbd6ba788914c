import type { Commit, Move, ReadyTasks } from '@task/application';
import { isDecisive, type Task } from '@task/domain';
import { groupKeyOf } from './name-cache';
import type { Change } from './stored-task';
import { directoryOf } from './task.mapper';

/** The news of a commit that changed nothing. */
export const NOTHING_READY: Commit = {
  ready: [],
  scheduledFor: null,
  lastEventId: null,
  hasEndedDependency: false,
  moves: [],
};

/** What a commit changed for those who wait for tasks or events. */
export function commitOf(
  changes: readonly Pick<Change, 'before' | 'after'>[],
  lastEventId: number | null,
  moves: readonly Move[],
): Commit {
  const ready = new Map<string, ReadyTasks>();
  let scheduledFor: number | null = null;
  let hasEndedDependency = false;
  for (const { before, after } of changes) {
    hasEndedDependency ||= hasEnded(before, after);
    if (isAt('scheduled', after) && !(before !== null && isAt('scheduled', before))) {
      scheduledFor = Math.min(scheduledFor ?? Infinity, after.state.availableAt ?? Infinity);
    }
    if (!isAt('ready', after) || (before !== null && isAt('ready', before))) continue;
    const { taskType, kbId } = after.state;
    const { path: directory } = directoryOf(after.state);
    const key = groupKeyOf(directory, after.state);
    ready.set(key, { directory, taskType, kbId, count: (ready.get(key)?.count ?? 0) + 1 });
  }
  return { ready: [...ready.values()], scheduledFor, lastEventId, hasEndedDependency, moves };
}

function isAt(gate: 'ready' | 'scheduled', { state }: Task): boolean {
  return state.status === 'waiting' && state.gate === gate;
}

/** Whether the change ends a task that others depend on: they have to be told. */
export function hasEnded(before: Task | null, after: Task): boolean {
  return after.state.isAwaited && isDecisive(after.status) && after.status !== before?.status;
}
