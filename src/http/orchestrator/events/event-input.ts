import type { EventFilter } from '@task/application';
import { faultsAt, normalisePath, TASK_COMMANDS, TASK_STATUSES } from '@task/domain';
import type { IncomingMessage } from 'node:http';
import { Refusal } from '../../shared/failures/refusal';
import { valueOf } from '../../shared/validation/query-values';
import { EVENT_TYPES } from '../views/history.view';
import type { EventsQuery } from './events.query';
import { EVENT_ID, wordsIn, type TaskEventsQuery } from './task-events.query';

/** The header in which a reader that comes back says how far it was. */
export const LAST_EVENT_ID = 'Last-Event-ID';

/**
 * The last event that a reader has, or null when it says nothing. A browser that comes back asks for the same URL
 * again: what it says in the header is newer.
 */
export function placeOf({ headers }: IncomingMessage, { after }: TaskEventsQuery): number | null {
  const said = headers[LAST_EVENT_ID.toLowerCase()];
  if (said === undefined) return after ?? null;
  const place = valueOf(String(said), EVENT_ID);
  const violations = faultsAt(LAST_EVENT_ID, EVENT_ID.check(place));
  if (violations.length > 0) throw Refusal.ofFields(violations);
  return Number(place);
}

/** Which events a query means. */
export function eventFilterOf(query: EventsQuery): EventFilter {
  const { task_id: taskId, work_directory: path, recursive = false } = query;
  return {
    ...kindsOf(query),
    ...(taskId !== undefined && { taskId: taskId.toLowerCase() }),
    ...(path !== undefined && { directory: { path: normalisePath(path), recursive } }),
  };
}

/** Which kinds of events a query means. */
export function kindsOf({ type, status }: TaskEventsQuery): Pick<EventFilter, 'commands' | 'statuses'> {
  const types = wordsIn(type ?? '');
  const statuses = wordsIn(status ?? '');
  return {
    ...(type !== undefined && {
      commands: TASK_COMMANDS.filter((command) => types.includes(EVENT_TYPES[command])),
    }),
    ...(status !== undefined && { statuses: TASK_STATUSES.filter((name) => statuses.includes(name)) }),
  };
}
