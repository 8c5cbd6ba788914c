import { MOVES } from '../transition-table';
import type { Finding } from './finding';
import type { Observed, ObservedTask, ObservedTransition } from './observed';

/** What is wrong in what is stored, whoever asked for it. */
export function checkHistories({ tasks, transitions }: Observed): Finding[] {
  const histories = Map.groupBy(transitions, ({ taskId }) => taskId);
  const known = new Set(tasks.map(({ id }) => id));
  const strays = [...histories.keys()].filter((id) => !known.has(id));
  return [
    ...strays.map((taskId) => notTheFold(taskId, 'has a history, but is no task')),
    ...tasks.flatMap((task) => checkTask(task, histories.get(task.id) ?? [])),
    ...checkEventIds(transitions),
  ];
}

function checkTask(task: ObservedTask, rows: readonly ObservedTransition[]): Finding[] {
  const findings: Finding[] = [];
  let folded = { status: null as ObservedTransition['from'], version: 0, attempt: 0, retryCount: 0 };
  let lastEventId = 0;
  for (const row of rows) {
    const { command, from, to, eventId } = row;
    const says = `event ${eventId}: ${String(from)} → ${to} by ${command}`;
    if (!isMove(row)) findings.push({ kind: 'outside_table', taskId: task.id, says });
    if (from !== folded.status) findings.push(notTheFold(task.id, `${says}, after ${String(folded.status)}`));
    if (eventId <= lastEventId) findings.push(eventIds(task.id, `${eventId} is told after ${lastEventId}`));
    folded = fold(folded, row);
    lastEventId = eventId;
    const rowDiffers = row.version !== folded.version || row.attempt !== folded.attempt;
    if (rowDiffers)
      findings.push(notTheFold(task.id, `${says}, ${numbersOf(row)}, not ${numbersOf(folded)}`));
  }
  const same = (['status', 'version', 'attempt', 'retryCount'] as const).every(
    (key) => task[key] === folded[key],
  );
  if (!same) findings.push(notTheFold(task.id, `is ${JSON.stringify(task)}, not ${JSON.stringify(folded)}`));
  return findings;
}

function fold(
  { version, attempt, retryCount }: { version: number; attempt: number; retryCount: number },
  { command, from, to }: ObservedTransition,
): { status: ObservedTransition['to']; version: number; attempt: number; retryCount: number } {
  const isRetry = from !== null && to === 'waiting' && command !== 'release';
  return {
    status: to,
    version: version + 1,
    attempt: attempt + (command === 'claim' ? 1 : 0),
    retryCount: retryCount + (isRetry ? 1 : 0),
  };
}

function isMove({ from, command, to }: ObservedTransition): boolean {
  if (from === null) return command === 'create' && to === 'waiting';
  return MOVES.some((move) => move.from === from && move.command === command && move.to === to);
}

function checkEventIds(transitions: readonly ObservedTransition[]): Finding[] {
  const ids = transitions.map(({ eventId }) => eventId).sort((a, b) => a - b);
  return ids.flatMap((id, index) => {
    const previous = ids[index - 1];
    if (previous === undefined || id === previous + 1) return [];
    return [eventIds(null, id === previous ? `${id} stands twice` : `nothing between ${previous} and ${id}`)];
  });
}

function notTheFold(taskId: string, says: string): Finding {
  return { kind: 'not_the_fold', taskId, says };
}

function eventIds(taskId: string | null, says: string): Finding {
  return { kind: 'event_ids', taskId, says };
}

function numbersOf({ version, attempt }: { version: number; attempt: number }): string {
  return `version ${version} attempt ${attempt}`;
}
