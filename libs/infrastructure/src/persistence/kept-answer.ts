import {
  asOf,
  holdsStill,
  recordOf,
  refusalFrom,
  snapshotOf,
  type RefusalRecord,
  type Task,
  type TaskSnapshot,
} from '@task/domain';
import type { Outcome } from './commands';
import type { ScheduleRow } from './schedule-row';

/** How long an outcome is kept. Source: behaviour.md 5. */
export const KEPT_MS = 24 * 60 * 60 * 1000;

/** An outcome in a form that every dialect can make its answer of: ids with what the tasks were then, or a refusal. */
export type KeptAnswer =
  | { readonly tasks: readonly { readonly id: string; readonly was: TaskSnapshot }[] }
  | { readonly refusal: RefusalRecord }
  /** The id of a key that was made; its secret is kept nowhere. */
  | { readonly apiKey: string }
  /** A schedule as it was made. */
  | { readonly schedule: ScheduleRow };

/** A task as it is now; undefined for one that is gone. */
export type FindTask = (id: string) => Task | undefined;

/** What is kept of an outcome; null for what may turn out otherwise the next time without anybody's doing. */
export function keptAnswerOf(outcome: Outcome): KeptAnswer | null {
  if (outcome.ok) {
    if (outcome.tasks.length === 0) return null;
    return { tasks: outcome.tasks.map((task) => ({ id: task.id, was: snapshotOf(task) })) };
  }
  const refusal = recordOf(outcome.error);
  return refusal === null ? null : { refusal };
}

/** What of a kept claim holds still: the tasks whose leases do. Null when none does, and the key is free for the same claim again. */
export function heldPartOf(answer: KeptAnswer, find: FindTask): KeptAnswer | null {
  if (!('tasks' in answer)) return answer;
  const tasks = answer.tasks.filter(({ id, was }) => holdsStill(find(id), was));
  return tasks.length === 0 ? null : { tasks };
}

/** The outcome again, of tasks that are there still. */
export function outcomeFrom(answer: KeptAnswer, find: FindTask): Outcome {
  if ('refusal' in answer) return { ok: false, error: refusalFrom(answer.refusal) };
  // Whoever asks for tasks under this key asks for something else: its fingerprint says so.
  if ('apiKey' in answer || 'schedule' in answer) return { ok: true, tasks: [] };
  const found = answer.tasks.flatMap(({ id, was }) => {
    const task = find(id);
    return task === undefined ? [] : [asOf(task, was)];
  });
  return { ok: true, tasks: found };
}
