import type Sqlite from 'better-sqlite3';
import type { WorkerDelta } from '../roll-up-rows';
import { prepare } from './prepare';

/** Takes down which workers were seen, and what they did. */
export class SqliteWorkers {
  private readonly add: Sqlite.Statement;

  constructor(db: Sqlite.Database) {
    this.add = prepare(
      db,
      `INSERT INTO workers (name, first_seen, last_seen, claimed, completed, failed, lost, processing_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET last_seen = max(last_seen, excluded.last_seen), claimed = claimed + excluded.claimed,
         completed = completed + excluded.completed, failed = failed + excluded.failed, lost = lost + excluded.lost,
         processing_ms = processing_ms + excluded.processing_ms`,
    );
  }

  note(workers: readonly WorkerDelta[]): void {
    for (const { name, seenAt, claimed, completed, failed, lost, processingMs } of workers) {
      this.add.run(name, seenAt, seenAt, claimed, completed, failed, lost, processingMs);
    }
  }
}
