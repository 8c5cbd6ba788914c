import { OPERATION_KINDS, type OperationKind } from '../recorder';
import type { Deed } from './deeds';
import type { Finding } from './finding';
import type { Observed, ObservedTransition } from './observed';

const HOLDERS: readonly OperationKind[] = ['complete', 'fail', 'release'];
/** Where the caller of an unanswered operation cannot say which task it was. */
const CHOSEN_BY_SERVICE: readonly OperationKind[] = ['create', 'claim'];

/** Where what clients were told and what is stored do not agree. */
export function checkDeeds(deeds: readonly Deed[], observed: Observed): Finding[] {
  const told = deeds.filter(({ is }) => is === 'ok');
  const open = deeds.filter(({ is }) => is === 'unknown');
  return [
    ...lostTasks(told, observed),
    ...lostTransitions(told, observed),
    ...staleHolders(told, observed),
    ...OPERATION_KINDS.flatMap((kind) => unexpected(kind, told, open, observed)),
  ];
}

function lostTasks(told: readonly Deed[], { tasks }: Observed): Finding[] {
  const present = new Set(tasks.map(({ id }) => id));
  const lost = told.filter(({ taskId }) => taskId !== undefined && !present.has(taskId));
  return lost.map(({ kind, taskId = null }) => ({
    kind: 'lost',
    taskId,
    says: `${kind} of a task that is gone`,
  }));
}

function lostTransitions(told: readonly Deed[], { tasks, transitions }: Observed): Finding[] {
  const rows = countBy(transitions, ({ command, taskId }) => `${command} ${taskId}`);
  const acknowledged = Map.groupBy(told, ({ kind, taskId }) => `${kind} ${taskId ?? ''}`);
  const present = new Set(tasks.map(({ id }) => id));
  return [...acknowledged].flatMap(([what, same]) => {
    const taskId = same[0]?.taskId ?? null;
    const stored = rows.get(what) ?? 0;
    if (stored >= same.length || taskId === null || !present.has(taskId)) return [];
    return [{ kind: 'lost', taskId, says: `${what}: ${same.length} acknowledged, ${stored} in its history` }];
  });
}

function staleHolders(told: readonly Deed[], { transitions }: Observed): Finding[] {
  const attempts = Map.groupBy(transitions, ({ command, taskId }) => `${command} ${taskId}`);
  return told.flatMap(({ kind, taskId = '', attempt }) => {
    const rows = attempts.get(`${kind} ${taskId}`) ?? [];
    if (!HOLDERS.includes(kind) || attempt === undefined || rows.length === 0) return [];
    if (rows.some((row) => row.attempt === attempt)) return [];
    const stored = rows.map((row) => row.attempt).join(', ');
    return [
      { kind: 'stale_holder', taskId, says: `${kind} of attempt ${attempt} stands as that of ${stored}` },
    ];
  });
}

/** Rows that neither an acknowledged nor an unanswered operation accounts for. */
function unexpected(
  kind: OperationKind,
  told: readonly Deed[],
  open: readonly Deed[],
  { transitions }: Observed,
): Finding[] {
  const rows = transitions.filter(({ command }) => command === kind);
  const extra = beyond(rows, deedsOf(kind, told));
  if (CHOSEN_BY_SERVICE.includes(kind)) {
    const allowed = deedsOf(kind, open).length;
    return extra.length > allowed ? extra.map((row) => nobodyAsked(row, allowed)) : [];
  }
  const unexplained = beyond(extra, deedsOf(kind, open));
  // The service gives back what it handed to a caller who was gone: such a claim had no answer.
  const allowed = kind === 'release' ? deedsOf('claim', open).length : 0;
  return unexplained.length > allowed ? unexplained.map((row) => nobodyAsked(row, allowed)) : [];
}

/** Of each task's rows those beyond the number of its deeds. */
function beyond(rows: readonly ObservedTransition[], deeds: readonly Deed[]): ObservedTransition[] {
  const left = countBy(deeds, ({ taskId }) => taskId ?? '');
  return rows.filter(({ taskId }) => {
    const remaining = left.get(taskId) ?? 0;
    left.set(taskId, remaining - 1);
    return remaining <= 0;
  });
}

function nobodyAsked({ taskId, command, eventId }: ObservedTransition, allowed: number): Finding {
  const besides = allowed > 0 ? `, beyond ${allowed} unanswered` : '';
  return { kind: 'unexpected', taskId, says: `event ${eventId}: nobody asked for this ${command}${besides}` };
}

function deedsOf(kind: OperationKind, deeds: readonly Deed[]): Deed[] {
  return deeds.filter((deed) => deed.kind === kind);
}

function countBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, number> {
  return new Map([...Map.groupBy(items, keyOf)].map(([key, same]) => [key, same.length]));
}
