import type Sqlite from 'better-sqlite3';
import type { RollUps } from '../roll-up-rows';
import { momentValues } from '../row-values';
import { prepare } from './prepare';

/** Adds a group's folded deltas to the counters. */
export class SqliteRollUps {
  private readonly counts: Sqlite.Statement;
  private readonly ready: Sqlite.Statement<[number, number]>;
  private readonly blocks: Sqlite.Statement;
  private readonly types: Sqlite.Statement;
  private readonly minutes: Sqlite.Statement;
  private readonly hours: Sqlite.Statement;
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
    this.types = prepare(
      db,
      `INSERT INTO type_counts (kb_id, task_type, status, tasks, processing_ms) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET tasks = tasks + excluded.tasks, processing_ms = processing_ms + excluded.processing_ms`,
    );
    this.minutes = prepare(db, addMoment('stat_minutes', 'minute'));
    this.hours = prepare(db, addMoment('stat_hours', 'hour'));
    this.times = prepare(
      db,
      `INSERT INTO time_bins (task_type, span_ms, start, bin, tasks) VALUES (?, ?, ?, ?, ?)
       ON CONFLICT DO UPDATE SET tasks = tasks + excluded.tasks`,
    );
  }

  fold({ counts, ready, blocks, types, minutes, hours, times }: RollUps): void {
    for (const row of counts) this.counts.run(row.groupId, row.status, row.rank, row.tasks, row.processingMs);
    for (const row of ready) this.ready.run(row.ready, row.groupId);
    for (const row of blocks) this.blocks.run(row.rank, row.block, row.ready);
    for (const row of types) this.types.run(row.kbId, row.taskType, row.status, row.tasks, row.processingMs);
    for (const row of minutes) this.minutes.run(...momentValues(row));
    for (const row of hours) this.hours.run(...momentValues(row));
    for (const row of times) this.times.run(row.taskType, row.spanMs, row.start, row.bin, row.tasks);
  }
}

function addMoment(table: string, key: string): string {
  return `INSERT INTO ${table} (${key}, created, claimed, completed, failed, cancelled, retried, processing_ms)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT DO UPDATE SET created = created + excluded.created, claimed = claimed + excluded.claimed,
      completed = completed + excluded.completed, failed = failed + excluded.failed,
      cancelled = cancelled + excluded.cancelled, retried = retried + excluded.retried,
      processing_ms = processing_ms + excluded.processing_ms`;
}
