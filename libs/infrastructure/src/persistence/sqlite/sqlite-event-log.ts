import type Sqlite from 'better-sqlite3';
import { EventLog, type EventFilter, type EventPage } from '@task/application';
import { eventPageOf, type EventRow } from '../event-row';
import { ARCHIVED_EVENTS, BOUNDS, LIVE_EVENTS } from '../event-statements';
import { prepare } from './prepare';
import { blobOf, uuidOf } from './uuid-blob';

type SqliteEventRow = Omit<EventRow, 'id'> & { readonly id: Buffer };

const OF_TASK = 'WHERE t.id = ? AND h.event_id > ?';

/** Reads the log on the connection that only reads. */
export class SqliteEventLog extends EventLog {
  private readonly ofAll: Sqlite.Statement<[number, number], SqliteEventRow>;
  private readonly ofTask: Sqlite.Statement<[Buffer, number, Buffer, number, number], SqliteEventRow>;
  private readonly ends: Sqlite.Statement<[], { oldest: number; newest: number }>;

  constructor(db: Sqlite.Database) {
    super();
    this.ofAll = prepare(db, `${LIVE_EVENTS} WHERE h.event_id > ? ORDER BY h.event_id LIMIT ?`);
    this.ofTask = prepare(
      db,
      `${LIVE_EVENTS} ${OF_TASK} UNION ALL ${ARCHIVED_EVENTS} ${OF_TASK} ORDER BY 1 LIMIT ?`,
    );
    this.ends = prepare(db, BOUNDS);
  }

  override async read(after: number, limit: number, filter: EventFilter): Promise<EventPage> {
    const id = filter.taskId === undefined ? null : blobOf(filter.taskId);
    const rows = id === null ? this.ofAll.all(after, limit) : this.ofTask.all(id, after, id, after, limit);
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
