import { EventLog, type EventFilter, type EventPage } from '@task/application';
import type { DataSource } from 'typeorm';
import { eventPageOf, type EventRow } from '../event-row';
import { ARCHIVED_EVENTS, BOUNDS, LIVE_EVENTS } from '../event-statements';

const BEHIND = 'WHERE h.event_id > $1';
const OF_TASK = `${BEHIND} AND t.id = $3`;

/** Reads the log: whatever is visible is complete up to its last number, since numbers are given in commit order. */
export class PostgresEventLog extends EventLog {
  constructor(private readonly source: DataSource) {
    super();
  }

  override async read(after: number, limit: number, filter: EventFilter): Promise<EventPage> {
    const sql =
      filter.taskId === undefined
        ? `${LIVE_EVENTS} ${BEHIND} ORDER BY h.event_id LIMIT $2`
        : `${LIVE_EVENTS} ${OF_TASK} UNION ALL ${ARCHIVED_EVENTS} ${OF_TASK} ORDER BY 1 LIMIT $2`;
    const values = [after, limit, ...(filter.taskId === undefined ? [] : [filter.taskId])];
    return eventPageOf(await this.source.query<EventRow[]>(sql, values), after, limit, filter);
  }

  override async bounds(): Promise<{ oldest: number; newest: number }> {
    const [row] = await this.source.query<{ oldest: number; newest: number }[]>(BOUNDS);
    return row ?? { oldest: 0, newest: 0 };
  }
}
