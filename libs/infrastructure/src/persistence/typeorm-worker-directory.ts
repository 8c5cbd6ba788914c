import {
  WorkerDirectory,
  type Cancellation,
  type HeldTask,
  type WorkerCounts,
  type WorkerRecord,
} from '@task/application';
import type { EpochMs } from '@task/domain';
import type { DataSource } from 'typeorm';
import { ask, type FaultOf } from './ask';
import type { Lane } from './lane';
import { numbered } from './postgres/numbered';
import { uuidOf } from './sqlite/uuid-blob';

interface WorkerRow {
  readonly name: string;
  readonly first_seen: number;
  readonly last_seen: number;
  readonly claimed: number;
  readonly completed: number;
  readonly failed: number;
  readonly lost: number;
  readonly processing_ms: number;
}

interface HeldRow {
  readonly id: string | Buffer;
  readonly worker_id: string;
  readonly attempt: number;
  readonly claimed_at: number;
  readonly expires_at: number;
  readonly progress: number;
}

/** Tasks of one worker that are told. */
const MOST_TOLD = 100;

/** Workers and what they hold, on either database. */
export class TypeOrmWorkerDirectory extends WorkerDirectory {
  constructor(
    private readonly source: DataSource,
    private readonly lane: Lane,
    private readonly faultOf: FaultOf,
  ) {
    super();
  }

  override async list(
    limit: number,
    offset: number,
  ): Promise<{ workers: readonly WorkerRecord[]; total: number }> {
    const rows = await this.query<WorkerRow>(
      'SELECT * FROM workers ORDER BY last_seen DESC, name LIMIT ? OFFSET ?',
      [limit, offset],
    );
    const [count] = await this.query<{ total: number }>('SELECT count(*) AS total FROM workers', []);
    return {
      workers: await Promise.all(rows.map((row) => this.record(row))),
      total: count?.total ?? 0,
    };
  }

  override async find(workerId: string): Promise<WorkerRecord | null> {
    const [row] = await this.query<WorkerRow>('SELECT * FROM workers WHERE name = ?', [workerId]);
    return row === undefined ? null : this.record(row);
  }

  override async count(aliveSince: EpochMs): Promise<WorkerCounts> {
    const [counts] = await this.query<Record<keyof WorkerCounts, number | string>>(
      `SELECT (SELECT count(*) FROM workers) AS known, count(*) AS alive,
         count(CASE WHEN EXISTS (SELECT 1 FROM leases l WHERE l.ended_by IS NULL AND l.worker_id = w.name) THEN 1 END)
           AS busy
       FROM workers w WHERE w.last_seen >= ?`,
      [aliveSince],
    );
    const { known = 0, alive = 0, busy = 0 } = counts ?? {};
    return { known: Number(known), alive: Number(alive), busy: Number(busy) };
  }

  override async heldBy(workerId: string): Promise<readonly string[]> {
    const rows = await this.query<Pick<HeldRow, 'id'>>(
      `SELECT t.id FROM leases l JOIN tasks t ON t.seq = l.seq
       WHERE l.ended_by IS NULL AND l.worker_id = ? ORDER BY l.claimed_at, l.seq`,
      [workerId],
    );
    return rows.map(idOf);
  }

  override async see(workerId: string, signal: Cancellation): Promise<void> {
    await this.lane.submit({ kind: 'see', workerId }, signal);
  }

  private async record(row: WorkerRow): Promise<WorkerRecord> {
    const { claimed, completed, failed, lost } = row;
    return {
      workerId: row.name,
      firstSeen: row.first_seen,
      lastSeen: row.last_seen,
      claimed,
      completed,
      failed,
      lost,
      processingMs: row.processing_ms,
      holds: await this.holdsOf(row.name),
    };
  }

  private async holdsOf(workerId: string): Promise<readonly HeldTask[]> {
    const rows = await this.query<HeldRow>(
      `SELECT t.id, l.worker_id, l.attempt, l.claimed_at, l.expires_at, l.progress
       FROM leases l JOIN tasks t ON t.seq = l.seq
       WHERE l.ended_by IS NULL AND l.worker_id = ? ORDER BY l.claimed_at LIMIT ${MOST_TOLD}`,
      [workerId],
    );
    return rows.map((row) => ({
      taskId: idOf(row),
      attempt: row.attempt,
      since: row.claimed_at,
      leaseExpiresAt: row.expires_at,
      progress: row.progress,
    }));
  }

  private query<Row>(sql: string, values: readonly unknown[]): Promise<Row[]> {
    const isPostgres = this.source.options.type === 'postgres';
    return ask(this.source.query<Row[]>(isPostgres ? numbered(sql) : sql, [...values]), this.faultOf);
  }
}

function idOf({ id }: Pick<HeldRow, 'id'>): string {
  return typeof id === 'string' ? id : uuidOf(id);
}
