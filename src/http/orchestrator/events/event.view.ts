import type { HistoryRow } from '../views/history.view';

/** The data of an event: a row of the history under the names that streams use. */
export interface EventView extends Omit<HistoryRow, 'event_id'> {
  /** The same number as the event's own id. */
  readonly id: number;
}
