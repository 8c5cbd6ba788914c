import type { Commit, Move, ReadyTasks } from '@task/application';
import { isDecisive, type Task } from '@task/domain';
import { groupKeyOf } from './name-cache';
import { isReady, type Change, type LoggedTransition, type StoredTask } from './stored-task';
import { directoryOf } from './task.mapper';

/** The news of a commit that changed nothing. */
export const NOTHING_READY: Commit = {
  ready: [],
  scheduledFor: null,
  lastEventId: null,
  hasEndedDependency: false,
  moves: [],
};

/**
 * Tasks that were ready, that a transaction has locked, and that are ready still, whatever else it changed about them:
 * claims of others passed over them meanwhile, and would wait for news of them that never come.
 * @param changes of one task, the last one counts
 */
export function passedOver(
  locked: readonly StoredTask[],
  changes: readonly Change[],
): readonly Pick<Change, 'before' | 'after'>[] {
  const changed = new Map(changes.map((change) => [change.seq, change]));
  return [...new Map(locked.map(({ seq, task }) => [seq, task]))].flatMap(([seq, task]) => {
    const { before, after } = changed.get(seq) ?? { before: task, after: task };
    return before !== null && isReady(before) && isReady(after) ? [{ before: null, after }] : [];
  });
}

/** What became of which task, in order. */
export function movesOf(
  transitions: readonly LoggedTransition[],
  changes: ReadonlyMap<number, Change>,
): readonly Move[] {
  return transitions.flatMap(({ seq, transition }) => {
    const change = changes.get(seq);
    return change === undefined ? [] : [{ transition, before: change.before, after: change.after }];
  });
}

/** The news of a commit that changed nothing, of which these tasks are unlocked. */
export function newsOf(unlocked: readonly Pick<Change, 'before' | 'after'>[]): Commit {
  return unlocked.length === 0 ? NOTHING_READY : commitOf(unlocked, null, []);
}

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
