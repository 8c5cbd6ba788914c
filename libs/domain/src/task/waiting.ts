import type { EpochMs } from './epoch-ms';
import { gateOf } from './gate';
import { needsOf, verdictOn, type DependencyPolicy, type Needs } from './needs';
import { Task, type Decision } from './task';
import type { TaskDraft } from './task-state';

/** Decides about a task when one that it depends on has ended: one less to wait for, or nothing to wait for any more. */
export type DecideDependent = (task: Task, dependency: Task, now: EpochMs) => Decision;

/** What a new task depends on. */
export interface NewDependent {
  readonly id: string;
  /** At least one, each once. */
  readonly dependencies: readonly Task[];
  readonly onFailure: DependencyPolicy;
}

/**
 * Makes a task that depends on others: waiting for those that are not completed, and cancelled at once when one has
 * failed already and the task is to go with it.
 * @throws InvalidTask
 */
export function createDependent(
  draft: TaskDraft,
  { id, dependencies, onFailure }: NewDependent,
  actor: string,
  now: EpochMs,
): Decision {
  const needs = needsOf(
    dependencies.map(({ status }) => status),
    onFailure,
  );
  const dependsOn = dependencies.map((dependency) => dependency.id);
  const created = Task.create(draft, id, actor, now, needs);
  const broken = dependencies.find(({ status }) => verdictOn(status, onFailure) === 'broken');
  if (broken === undefined) return { ...created, dependsOn };
  const { task, effects } = giveUpFor(created.task, broken, actor, now);
  return { task, effects: [...created.effects, ...effects], dependsOn };
}

/** What the end of a dependency makes of a task that depends on it. Source: the policy that its creator chose. */
export function dependencyEnded(task: Task, dependency: Task, now: EpochMs): Decision {
  const { status, needs } = task.state;
  if (status !== 'waiting' || needs === null) return { task, effects: [] };
  const verdict = verdictOn(dependency.status, needs.onFailure);
  if (verdict === 'broken') return giveUpFor(task, dependency, null, now);
  if (verdict === 'open') return { task, effects: [] };
  const left: Needs = { ...needs, pending: Math.max(0, needs.pending - 1) };
  const gate = gateOf({ ...task.state, needs: left }, now);
  return { task: new Task({ ...task.state, needs: left, gate }), effects: [] };
}

/** The task, once others depend on it. No transition. */
export function awaited(task: Task): Task {
  return task.state.isAwaited ? task : new Task({ ...task.state, isAwaited: true });
}

/** The task, once its concurrency key has a slot for it. No transition. */
export function admitted(task: Task): Task {
  return task.state.gate === 'held' ? new Task({ ...task.state, gate: 'ready' }) : task;
}

/** The task, once its concurrency key has no slot for it any more. No transition. */
export function heldBack(task: Task): Task {
  return task.state.gate === 'ready' ? new Task({ ...task.state, gate: 'held' }) : task;
}

/** Whether a task takes a slot of its concurrency key. */
export function takesSlot({ state }: Task): boolean {
  const { status, concurrencyKey, lease } = state;
  return concurrencyKey !== null && (status === 'working' || (lease?.slotUntil ?? null) !== null);
}

function giveUpFor(task: Task, dependency: Task, actor: string | null, now: EpochMs): Decision {
  return task.cancel(`depends on ${dependency.id}, which is ${dependency.status}`, false, actor, now);
}
