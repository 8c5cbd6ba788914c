import type { RollUps, WorkerDelta } from '../roll-up-rows';
import { momentValues, type Value } from '../row-values';
import { addSql, columnsOf, insertSql, unnested, type ColumnTypes } from './bulk';
import type { PostgresConnection } from './postgres-connection';

/**
 * Adds a group's folded deltas to the counters. Runs behind the event counter's lock, which everybody takes who writes
 * them: counters that all instances share cannot deadlock. Signs of life alone do not wait for it.
 */
export class PostgresRollUps {
  constructor(private readonly connection: PostgresConnection) {}

  async fold({ counts, ready, blocks, types, minutes, hours, times }: Counters): Promise<void> {
    await this.add(
      'add-counts',
      ADD_COUNTS,
      COUNTS,
      counts.map((row) => [row.groupId, row.status, row.rank, row.tasks, row.processingMs]),
    );
    await this.add(
      'add-ready',
      ADD_READY,
      READY,
      ready.map((row) => [row.groupId, row.ready]),
    );
    await this.add(
      'add-blocks',
      ADD_BLOCKS,
      BLOCKS,
      blocks.map((row) => [row.rank, row.block, row.ready]),
    );
    await this.add(
      'add-types',
      ADD_TYPES,
      TYPES,
      types.map((row) => [row.kbId, row.taskType, row.status, row.tasks, row.processingMs]),
    );
    await this.add('add-minutes', ADD_MINUTES, MINUTES, minutes.map(momentValues));
    await this.add('add-hours', ADD_HOURS, HOURS, hours.map(momentValues));
    await this.add(
      'add-times',
      ADD_TIMES,
      TIMES,
      times.map((row) => [row.taskType, row.spanMs, row.start, row.bin, row.tasks]),
    );
  }

  /**
   * Adds to the rows of workers, each once, in the order in which they come: by name, whatever the instance. They are the
   * last that a transaction writes: who has locked some waits for nothing but others of them, and nobody deadlocks.
   */
  async addWorkers(workers: readonly WorkerDelta[]): Promise<void> {
    await this.add(
      'add-workers',
      ADD_WORKERS,
      WORKERS,
      workers.map((row) => [
        row.name,
        row.seenAt,
        row.seenAt,
        row.claimed,
        row.completed,
        row.failed,
        row.lost,
        row.processingMs,
      ]),
    );
  }

  private async add(
    name: string,
    sql: string,
    types: ColumnTypes,
    rows: readonly (readonly Value[])[],
  ): Promise<void> {
    if (rows.length > 0) await this.connection.query(name, sql, columnsOf(rows, types));
  }
}

/** What all instances share. */
type Counters = Omit<RollUps, 'workers' | 'keys'>;

const COUNTS: ColumnTypes = {
  group_id: 'int',
  status: 'smallint',
  rank: 'smallint',
  tasks: 'bigint',
  processing_ms: 'bigint',
};
const READY: ColumnTypes = { id: 'int', ready: 'int' };
const BLOCKS: ColumnTypes = { rank: 'smallint', block: 'bigint', ready: 'int' };
const TYPES: ColumnTypes = {
  kb_id: 'text',
  task_type: 'text',
  status: 'smallint',
  tasks: 'bigint',
  processing_ms: 'bigint',
};
const HAPPENED: ColumnTypes = {
  created: 'int',
  claimed: 'int',
  completed: 'int',
  failed: 'int',
  cancelled: 'int',
  retried: 'int',
  processing_ms: 'bigint',
};
const MINUTES: ColumnTypes = { minute: 'bigint', ...HAPPENED };
const HOURS: ColumnTypes = { hour: 'bigint', ...HAPPENED };
const WORKERS: ColumnTypes = {
  name: 'text',
  first_seen: 'bigint',
  last_seen: 'bigint',
  claimed: 'bigint',
  completed: 'bigint',
  failed: 'bigint',
  lost: 'bigint',
  processing_ms: 'bigint',
};
const TIMES: ColumnTypes = {
  task_type: 'text',
  span_ms: 'int',
  start: 'bigint',
  bin: 'smallint',
  tasks: 'int',
};

const ADD_COUNTS = addSql('task_counts', ['group_id', 'status', 'rank'], COUNTS);
const ADD_READY = `UPDATE task_groups g SET ready = g.ready + v.ready FROM ${unnested(READY)} WHERE g.id = v.id`;
const ADD_BLOCKS = addSql('queue_blocks', ['rank', 'block'], BLOCKS);
const ADD_MINUTES = addSql('stat_minutes', ['minute'], MINUTES);
const ADD_TYPES = addSql('type_counts', ['kb_id', 'task_type', 'status'], TYPES);
const ADD_HOURS = addSql('stat_hours', ['hour'], HOURS);
const ADD_TIMES = addSql('time_bins', ['task_type', 'span_ms', 'start', 'bin'], TIMES);
const ADD_WORKERS = insertSql(
  'workers',
  WORKERS,
  `ON CONFLICT (name) DO UPDATE SET last_seen = greatest(workers.last_seen, excluded.last_seen),
    claimed = workers.claimed + excluded.claimed, completed = workers.completed + excluded.completed,
    failed = workers.failed + excluded.failed, lost = workers.lost + excluded.lost,
    processing_ms = workers.processing_ms + excluded.processing_ms`,
);
