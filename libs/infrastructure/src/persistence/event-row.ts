import { isIn, type EventFilter, type EventPage, type HistoryEntry } from '@task/application';
import { historyEntryFrom, type HistoryRow } from './history-row';

/** A row of the event log with what readers filter by. */
export interface EventRow extends HistoryRow {
  /** UUID text. */
  readonly id: string;
  readonly path: string | null;
}

/** The events of some rows that a reader wants, and how far they were looked at. */
export function eventPageOf(
  rows: readonly EventRow[],
  after: number,
  limit: number,
  filter: EventFilter,
): EventPage {
  return {
    events: rows.flatMap((row) => wantedFrom(row, filter)),
    readTo: rows.at(-1)?.event_id ?? after,
    hasMore: rows.length === limit,
  };
}

function wantedFrom(row: EventRow, { commands, statuses, directory }: EventFilter): readonly HistoryEntry[] {
  const event = historyEntryFrom(row, row.id);
  const isWanted =
    (commands === undefined || commands.includes(event.command)) &&
    (statuses === undefined || statuses.includes(event.to)) &&
    (directory === undefined || isIn(directory, row.path));
  return isWanted ? [event] : [];
}
