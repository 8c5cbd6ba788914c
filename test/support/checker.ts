import { checkDeeds } from './checking/check-deeds';
import { checkExclusion } from './checking/check-exclusion';
import { checkHistories } from './checking/check-histories';
import { checkLeases } from './checking/check-leases';
import { checkRealTime } from './checking/check-order';
import { deedsIn } from './checking/deeds';
import type { Finding } from './checking/finding';
import type { Observed } from './checking/observed';
import type { Operation } from './recorder';

const MAX_SHOWN = 20;

/**
 * Everything in which what clients were told and what is finally stored contradict each other or the rules.
 * @param log      of every client that wrote to this store since it was empty
 * @param observed all that the store holds now, with no operation running any more
 */
export function check(log: readonly Operation[], observed: Observed): Finding[] {
  const deeds = deedsIn(log);
  return [
    ...checkDeeds(deeds, observed),
    ...checkExclusion(deeds, observed),
    ...checkLeases(log, deeds, observed),
    ...checkHistories(observed),
    ...checkRealTime(deeds, observed),
  ];
}

/** @throws Error that tells every finding, with what was asked of that task and what its history has */
export function expectSound(log: readonly Operation[], observed: Observed): void {
  expectNone(check(log, observed), log, observed);
}

/** Fails with a text that tells the findings, when there are any. */
export function expectNone(
  findings: readonly Finding[],
  log: readonly Operation[],
  observed: Observed,
): void {
  if (findings.length === 0) return;
  const { tasks, transitions } = observed;
  throw new Error(
    [
      `${findings.length} findings in ${log.length} operations, ${tasks.length} tasks, ${transitions.length} events`,
      ...findings.slice(0, MAX_SHOWN).map((finding) => told(finding, log, observed)),
      ...(findings.length > MAX_SHOWN ? [`… and ${findings.length - MAX_SHOWN} more`] : []),
    ].join('\n'),
  );
}

function told({ kind, taskId, says }: Finding, log: readonly Operation[], { transitions }: Observed): string {
  const asked = taskId === null ? [] : log.filter((operation) => concerns(operation, taskId));
  const rows = taskId === null ? [] : transitions.filter((row) => row.taskId === taskId);
  return [
    `${kind} ${taskId ?? ''}: ${says}`,
    ...asked.map((operation) => `    asked ${JSON.stringify(operation)}`),
    ...rows.map((row) => `    event ${JSON.stringify(row)}`),
  ].join('\n');
}

function concerns({ taskId, outcome }: Operation, id: string): boolean {
  return taskId === id || (outcome.is === 'ok' && outcome.taskId === id);
}
