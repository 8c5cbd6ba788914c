import type Sqlite from 'better-sqlite3';
import { EventLog, type EventFilter, type EventPage } from '@task/application';
import { eventPageOf, type EventRow } from '../event-row';
import { HISTORY_COLUMNS } from '../history-row';
import { prepare } from './prepare';
import { blobOf, uuidOf } from './uuid-blob';

type SqliteEventRow = Omit<EventRow, 'id'> & { readonly id: Buffer };

const SELECT = `SELECT ${HISTORY_COLUMNS}, t.id, d.path FROM task_history h JOIN tasks t ON t.seq = h.seq
  JOIN task_groups g ON g.id = t.group_id LEFT JOIN directories d ON d.id = g.directory_id`;

/** Reads the log on the connection that only reads. */
export class SqliteEventLog extends EventLog {
  private readonly ofAll: Sqlite.Statement<[number, number], SqliteEventRow>;
  private readonly ofTask: Sqlite.Statement<[Buffer, number, number], SqliteEventRow>;
  private readonly ends: Sqlite.Statement<[], { oldest: number; newest: number }>;

  constructor(db: Sqlite.Database) {
    super();
    this.ofAll = prepare(db, `${SELECT} WHERE h.event_id > ? ORDER BY h.event_id LIMIT ?`);
    this.ofTask = prepare(db, `${SELECT} WHERE t.id = ? AND h.event_id > ? ORDER BY h.event_id LIMIT ?`);
    this.ends = prepare(
      db,
      `SELECT coalesce((SELECT min(event_id) FROM task_history), 0) AS oldest, value AS newest
       FROM counters WHERE name = 'event'`,
    );
  }

  override async read(after: number, limit: number, filter: EventFilter): Promise<EventPage> {
    const rows =
      filter.taskId === undefined
        ? this.ofAll.all(after, limit)
        : this.ofTask.all(blobOf(filter.taskId), after, limit);
    return eventPageOf(
      rows.map((row) => ({ ...row, id: uuidOf(row.id) })),
      after,
      limit,
      filter,
    );
  }

  override async bounds(): Promise<{ oldest: number; newest: number }> {
    return this.ends.get() ?? { oldest: 0, newest: 0 };
  }
}
