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

interface Total {
  readonly total: number;
}

/** Tasks of one worker that are told. */
const MOST_TOLD = 100;

/**
 * The oldest leases of each worker, by an index and no more than are told, however many it holds. SQLite knows no
 * LATERAL; PostgreSQL would run the other form for every lease that there is.
 */
const OLDEST = `FROM leases o WHERE o.ended_by IS NULL AND o.worker_id = w.name ORDER BY o.claimed_at LIMIT ${MOST_TOLD}`;
const LATERAL = `CROSS JOIN LATERAL (SELECT o.* ${OLDEST}) h`;
const CORRELATED = `JOIN leases h ON h.seq IN (SELECT o.seq ${OLDEST})`;

/** The total comes along in a row of its own kind, also behind the last page. */
const PAGE = `SELECT c.total, w.* FROM (SELECT count(*) AS total FROM workers) c
  LEFT JOIN (SELECT * FROM workers ORDER BY last_seen DESC, name LIMIT ? OFFSET ?) w ON 1 = 1
  ORDER BY w.last_seen DESC, w.name`;

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
    const rows = await this.query<Partial<WorkerRow> & Total>(PAGE, [limit, offset]);
    return { workers: await this.records(rows.filter(isWorker)), total: rows[0]?.total ?? 0 };
  }

  override async find(workerId: string): Promise<WorkerRecord | null> {
    const rows = await this.query<WorkerRow>('SELECT * FROM workers WHERE name = ?', [workerId]);
    const [record = null] = await this.records(rows);
    return record;
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

  override async slotsOf(workerId: string): Promise<readonly string[]> {
    const rows = await this.query<Pick<HeldRow, 'id'>>(
      `SELECT t.id FROM leases l JOIN tasks t ON t.seq = l.seq WHERE l.slot_until > 0 AND l.worker_id = ?`,
      [workerId],
    );
    return rows.map(idOf);
  }

  override async see(workerId: string, signal: Cancellation): Promise<void> {
    await this.lane.submit({ kind: 'see', workerId }, signal);
  }

  private async records(rows: readonly WorkerRow[]): Promise<readonly WorkerRecord[]> {
    const held = await this.holdsOf(rows.map(({ name }) => name));
    return rows.map((row) => recordOf(row, held.get(row.name) ?? []));
  }

  /** What each of these holds, in one query. */
  private async holdsOf(names: readonly string[]): Promise<ReadonlyMap<string, readonly HeldRow[]>> {
    if (names.length === 0) return new Map();
    const rows = await this.query<HeldRow>(
      `SELECT t.id, h.worker_id, h.attempt, h.claimed_at, h.expires_at, h.progress
       FROM workers w ${this.isPostgres ? LATERAL : CORRELATED} JOIN tasks t ON t.seq = h.seq
       WHERE w.name IN (${names.map(() => '?').join(', ')}) ORDER BY h.claimed_at, h.seq`,
      names,
    );
    return Map.groupBy(rows, ({ worker_id: name }) => name);
  }

  private get isPostgres(): boolean {
    return this.source.options.type === 'postgres';
  }

  private query<Row>(sql: string, values: readonly unknown[]): Promise<Row[]> {
    return ask(this.source.query<Row[]>(this.isPostgres ? numbered(sql) : sql, [...values]), this.faultOf);
  }
}

/** Behind the last page there is a total and no worker. */
function isWorker(row: Partial<WorkerRow> & Total): row is WorkerRow & Total {
  return typeof row.name === 'string';
}

function recordOf(row: WorkerRow, held: readonly HeldRow[]): WorkerRecord {
  const { claimed, completed, failed, lost } = row;
  return {
    ...{ workerId: row.name, firstSeen: row.first_seen, lastSeen: row.last_seen },
    ...{ claimed, completed, failed, lost, processingMs: row.processing_ms },
    holds: held.map(heldTaskOf),
  };
}

function heldTaskOf({ id, attempt, claimed_at, expires_at, progress }: HeldRow): HeldTask {
  return { taskId: idOf({ id }), attempt, since: claimed_at, leaseExpiresAt: expires_at, progress };
}

function idOf({ id }: Pick<HeldRow, 'id'>): string {
  return typeof id === 'string' ? id : uuidOf(id);
}
