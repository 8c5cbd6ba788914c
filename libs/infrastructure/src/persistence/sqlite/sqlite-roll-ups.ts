import type Sqlite from 'better-sqlite3';
import type { RollUps } from '../roll-ups';
import { prepare } from './prepare';

/** Adds a group's folded deltas to the counters. */
export class SqliteRollUps {
  private readonly counts: Sqlite.Statement;
  private readonly ready: Sqlite.Statement<[number, number]>;
  private readonly blocks: Sqlite.Statement;
  private readonly minutes: Sqlite.Statement;
  private readonly times: Sqlite.Statement;

  constructor(db: Sqlite.Database) {
    this.counts = prepare(
      db,
      `INSERT INTO task_counts (group_id, status, rank, tasks, processing_ms) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET tasks = tasks + excluded.tasks, processing_ms = processing_ms + excluded.processing_ms`,
    );
    this.ready = prepare(db, 'UPDATE task_groups SET ready = ready + ? WHERE id = ?');
    this.blocks = prepare(
      db,
      `INSERT INTO queue_blocks (rank, block, ready) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET ready = ready + excluded.ready`,
    );
    this.minutes = prepare(
      db,
      `INSERT INTO stat_minutes (minute, created, claimed, completed, failed, cancelled, retried, processing_ms)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET created = created + excluded.created, claimed = claimed + excluded.claimed,
         completed = completed + excluded.completed, failed = failed + excluded.failed,
         cancelled = cancelled + excluded.cancelled, retried = retried + excluded.retried,
         processing_ms = processing_ms + excluded.processing_ms`,
    );
    this.times = prepare(
      db,
      `INSERT INTO processing_times (minute, bin, tasks) VALUES (?, ?, ?)
       ON CONFLICT DO UPDATE SET tasks = tasks + excluded.tasks`,
    );
  }

  fold({ counts, ready, blocks, minutes, times }: RollUps): void {
    for (const row of counts) this.counts.run(row.groupId, row.status, row.rank, row.tasks, row.processingMs);
    for (const row of ready) this.ready.run(row.ready, row.groupId);
    for (const row of blocks) this.blocks.run(row.rank, row.block, row.ready);
    for (const row of minutes) {
      const { minute, created, claimed, completed, failed, cancelled, retried, processingMs } = row;
      this.minutes.run(minute, created, claimed, completed, failed, cancelled, retried, processingMs);
    }
    for (const row of times) this.times.run(row.minute, row.bin, row.tasks);
  }
}
