import type { Deed } from './deeds';
import type { Finding } from './finding';
import type { Observed, ObservedTransition } from './observed';

/** Operations whose events are not in the order in which the operations followed each other. */
export function checkRealTime(deeds: readonly Deed[], observed: Observed): Finding[] {
  const placed = withEvents(deeds, observed);
  const byEnd = [...placed].sort((a, b) => a.end - b.end);
  let ended = 0;
  let latest = 0;
  return [...placed]
    .sort((a, b) => a.start - b.start)
    .flatMap(({ start, eventId, taskId, kind }) => {
      for (let next = byEnd[ended]; next !== undefined && next.end < start; next = byEnd[ended]) {
        latest = Math.max(latest, next.eventId);
        ended += 1;
      }
      const says = `${kind} is event ${eventId}, but began when event ${latest} was acknowledged`;
      return eventId < latest ? [{ kind: 'overtaken', taskId, says } as const] : [];
    });
}

interface PlacedDeed {
  readonly kind: string;
  readonly taskId: string;
  readonly start: number;
  readonly end: number;
  readonly eventId: number;
}

/** The acknowledged deeds whose row is beyond doubt. */
function withEvents(deeds: readonly Deed[], { transitions }: Observed): PlacedDeed[] {
  const rows = Map.groupBy(transitions, ({ command, taskId }) => `${command} ${taskId}`);
  return deeds.flatMap(({ kind, taskId, attempt, is, start, end }) => {
    if (is !== 'ok' || taskId === undefined) return [];
    const same = rows.get(`${kind} ${taskId}`) ?? [];
    const [row, another] = same.length > 1 ? same.filter((one) => one.attempt === attempt) : same;
    return row === undefined || another !== undefined
      ? []
      : [{ kind, taskId, start, end, eventId: row.eventId }];
  });
}

/**
 * Claims that passed over a better task, where everything was created before the first claim and each claim took
 * from all: priority high to low, then arrival.
 */
export function checkDrain(
  { transitions }: Pick<Observed, 'transitions'>,
  priorities: ReadonlyMap<string, number>,
): Finding[] {
  const inOrder = [...transitions].sort((a, b) => a.eventId - b.eventId);
  const arrivals = inOrder.filter(({ command }) => command === 'create').map(({ taskId }) => taskId);
  // The sort is stable: what is as urgent stays in order of arrival.
  const due = arrivals.sort((a, b) => (priorities.get(b) ?? 0) - (priorities.get(a) ?? 0));
  const claims = inOrder.filter(isFirstClaim);
  return claims.flatMap(({ taskId, eventId }, index) => {
    const says = `event ${eventId} claims it where ${due[index] ?? 'nothing'} was due`;
    return due[index] === taskId ? [] : [{ kind: 'out_of_turn', taskId, says } as const];
  });
}

function isFirstClaim({ command, attempt }: ObservedTransition): boolean {
  return command === 'claim' && attempt === 1;
}
