import type { Operation } from '../recorder';
import type { Deed } from './deeds';
import type { Finding } from './finding';
import type { Observed, ObservedTransition } from './observed';

/** As the service's doors and its port name it. */
const LEASE_LOST = ['LEASE_LOST', 'task.lease_lost'];

/** Where a holder did not get what its lease promised. */
export function checkLeases(
  log: readonly Operation[],
  deeds: readonly Deed[],
  { transitions }: Observed,
): Finding[] {
  const rows = Map.groupBy(transitions, nameOf);
  const told = deeds.filter(({ kind, is }) => kind === 'claim' && is === 'ok');
  return [
    ...told.flatMap((claim) => takenTooEarly(claim, rows.get(nameOf(claim)) ?? [])),
    ...sentAway(log, told, rows),
  ];
}

function takenTooEarly({ leaseEndsAt, taskId = '' }: Deed, rows: readonly ObservedTransition[]): Finding[] {
  if (leaseEndsAt === undefined) return [];
  const early = rows.filter(({ command, at }) => command === 'expire' && at < leaseEndsAt);
  return early.map(({ eventId, at }) => ({
    ...{ kind: 'robbed', taskId },
    says: `event ${eventId} takes it ${leaseEndsAt - at} ms before its lease ends`,
  }));
}

/** Refusals to holders whose attempt nothing has ended. */
function sentAway(
  log: readonly Operation[],
  claims: readonly Deed[],
  rows: ReadonlyMap<string, readonly ObservedTransition[]>,
): Finding[] {
  const claimOf = new Map(claims.map((claim) => [claim.token, claim]));
  return log.flatMap(({ kind, taskId, token, outcome }) => {
    if (token === undefined || outcome.is !== 'refused' || !LEASE_LOST.includes(outcome.code)) return [];
    const claim = claimOf.get(token);
    if (claim === undefined || claim.taskId !== taskId) return [];
    const own = rows.get(nameOf(claim)) ?? [];
    if (own.some(({ command }) => command !== 'claim')) return [];
    const says = `${kind} is refused to the holder of attempt ${claim.attempt ?? 0}, which has not ended`;
    return [{ kind: 'robbed', taskId: taskId ?? null, says }];
  });
}

function nameOf({ taskId, attempt }: { taskId?: string | undefined; attempt?: number | undefined }): string {
  return `${taskId ?? ''} ${attempt ?? ''}`;
}
