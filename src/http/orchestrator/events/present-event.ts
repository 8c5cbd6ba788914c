import type { HistoryEntry } from '@task/application';
import { eventText } from '../../shared/streams/event-text';
import { iso } from '../../shared/views/format';
import { EVENT_TYPES } from '../views/history.view';
import type { EventView } from './event.view';

const WRITTEN = new WeakMap<HistoryEntry, string>();

/** An event as it is streamed. Readers that are told the same event share its text. */
export function streamedEvent(entry: HistoryEntry): string {
  const known = WRITTEN.get(entry);
  if (known !== undefined) return known;
  const view = eventView(entry);
  const text = eventText(view.id, view.type, view);
  WRITTEN.set(entry, text);
  return text;
}

function eventView(entry: HistoryEntry): EventView {
  return {
    id: entry.eventId,
    type: EVENT_TYPES[entry.command],
    task_id: entry.taskId,
    version: entry.version,
    attempt: entry.attempt,
    from: entry.from,
    to: entry.to,
    worker_id: entry.workerId,
    at: iso(entry.at),
    details: entry.details,
  };
}
