import { EventLog, type EventFilter, type EventPage } from '@task/application';
import type { DataSource } from 'typeorm';
import { eventPageOf, type EventRow } from '../event-row';
import { HISTORY_COLUMNS } from '../history-row';

const SELECT = `SELECT ${HISTORY_COLUMNS}, t.id, d.path FROM task_history h JOIN tasks t ON t.seq = h.seq
  JOIN task_groups g ON g.id = t.group_id LEFT JOIN directories d ON d.id = g.directory_id`;

/** Reads the log: whatever is visible is complete up to its last number, since numbers are given in commit order. */
export class PostgresEventLog extends EventLog {
  constructor(private readonly source: DataSource) {
    super();
  }

  override async read(after: number, limit: number, filter: EventFilter): Promise<EventPage> {
    const ofTask = filter.taskId === undefined ? '' : 'AND t.id = $3';
    const sql = `${SELECT} WHERE h.event_id > $1 ${ofTask} ORDER BY h.event_id LIMIT $2`;
    const values = [after, limit, ...(filter.taskId === undefined ? [] : [filter.taskId])];
    return eventPageOf(await this.source.query<EventRow[]>(sql, values), after, limit, filter);
  }

  override async bounds(): Promise<{ oldest: number; newest: number }> {
    const sql = `SELECT coalesce((SELECT min(event_id) FROM task_history), 0)::bigint AS oldest, value AS newest
      FROM counters WHERE name = 'event'`;
    const [row] = await this.source.query<{ oldest: number; newest: number }[]>(sql);
    return row ?? { oldest: 0, newest: 0 };
  }
}
