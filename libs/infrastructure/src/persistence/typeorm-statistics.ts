import {
  Statistics,
  type Clock,
  type Duration,
  type KindFilter,
  type Moment,
  type MOMENT_MS,
  type Span,
  type TaskCount,
  type TypeCount,
} from '@task/application';
import type { EpochMs } from '@task/domain';
import type { DataSource } from 'typeorm';
import { ask, type FaultOf } from './ask';
import { priorityOfRank, statusOf } from './codes';
import { statusCountsFrom } from './history-row';
import { NEXT_DUE, NEXT_DUE_ON_SQLITE } from './line-statements';
import { numbered } from './postgres/numbered';
import { ALL_GROUPS, ALL_TYPES, EVER, middleOf } from './roll-ups';
import type { Dialect } from './schema/dialect';
import { coverOf } from './span-cover';

interface TypeRow {
  readonly task_type: string;
  readonly status: number;
  readonly tasks: number;
  readonly processing_ms: number;
}

type MomentRow = Omit<Moment, 'processingMs'> & { readonly processing_ms: number };

interface BinRow {
  readonly bin: number;
  readonly tasks: number;
}

/** What was counted with every commit, on either database. */
export class TypeOrmStatistics extends Statistics {
  constructor(
    private readonly source: DataSource,
    private readonly clock: Clock,
    private readonly faultOf: FaultOf,
  ) {
    super();
  }

  override async counts(): Promise<readonly TaskCount[]> {
    const rows = await this.query<{ status: number; rank: number; tasks: number }>(
      `SELECT status, rank, tasks FROM task_counts WHERE group_id = ${ALL_GROUPS} AND tasks > 0`,
    );
    return rows.map(({ status, rank, tasks }) => ({
      status: statusOf(status),
      priority: priorityOfRank(rank),
      tasks,
    }));
  }

  override async types({ taskType, kbId }: KindFilter, limit: number): Promise<readonly TypeCount[]> {
    const wanted = [
      ...(kbId === undefined ? [] : [['kb_id', kbId] as const]),
      ...(taskType === undefined ? [] : [['task_type', taskType] as const]),
    ];
    const where = ['tasks > 0', ...wanted.map(([column]) => `${column} = ?`)].join(' AND ');
    const rows = await this.query<TypeRow>(
      `SELECT task_type, status, CAST(sum(tasks) AS bigint) AS tasks,
         CAST(sum(processing_ms) AS bigint) AS processing_ms
       FROM type_counts WHERE ${where} GROUP BY task_type, status`,
      wanted.map(([, value]) => value),
    );
    return [...Map.groupBy(rows, (row) => row.task_type)]
      .map(([name, of]) => ({ type: typeCount(name, of), tasks: sum(of, 'tasks') }))
      .sort((one, other) => other.tasks - one.tasks || (one.type.taskType < other.type.taskType ? -1 : 1))
      .slice(0, limit)
      .map(({ type }) => type);
  }

  override async moments(unit: keyof typeof MOMENT_MS, { from, to }: Span): Promise<readonly Moment[]> {
    const rows = await this.query<MomentRow>(
      `SELECT ${unit} AS at, created, claimed, completed, failed, cancelled, retried, processing_ms
       FROM stat_${unit}s WHERE ${unit} >= ? AND ${unit} < ? ORDER BY 1`,
      [from, to],
    );
    return rows.map(({ processing_ms: processingMs, ...row }) => ({ ...row, processingMs }));
  }

  override async durationsWithin(span: Span): Promise<readonly Duration[]> {
    const pieces = coverOf(span);
    const values = pieces.flatMap(({ spanMs, from, to }) => [ALL_TYPES, spanMs, from, to]);
    return this.durations(
      pieces.map(() => BINS_OF_SPAN),
      values,
    );
  }

  override durationsOf(taskType: string): Promise<readonly Duration[]> {
    return this.durations([BINS_OF_TYPE], [taskType]);
  }

  override async claimableSince(): Promise<EpochMs | null> {
    const [first] = await this.query<{ since: number | null }>(FIRST_IN_LINE[this.dialect]);
    const [next] = await this.query<{ due: number | null }>(DUE[this.dialect]);
    const since = first?.since ?? null;
    const due = next?.due ?? null;
    return due === null || due > this.clock.now() ? since : Math.min(due, since ?? due);
  }

  private async durations(
    parts: readonly string[],
    values: readonly unknown[],
  ): Promise<readonly Duration[]> {
    if (parts.length === 0) return [];
    const rows = await this.query<BinRow>(
      `SELECT bin, CAST(sum(tasks) AS bigint) AS tasks FROM (${parts.join(' UNION ALL ')}) AS bins
       GROUP BY bin ORDER BY bin`,
      values,
    );
    return rows.map(({ bin, tasks }) => ({ ms: middleOf(bin), tasks }));
  }

  private get dialect(): Dialect {
    return this.source.options.type === 'postgres' ? 'postgres' : 'sqlite';
  }

  private query<Row>(sql: string, values: readonly unknown[] = []): Promise<Row[]> {
    return ask(
      this.source.query<Row[]>(this.dialect === 'postgres' ? numbered(sql) : sql, [...values]),
      this.faultOf,
    );
  }
}

const BINS_OF_SPAN =
  'SELECT bin, tasks FROM time_bins WHERE task_type = ? AND span_ms = ? AND start >= ? AND start < ?';
const BINS_OF_TYPE = `SELECT bin, tasks FROM time_bins WHERE task_type = ? AND span_ms = ${EVER}`;

const RANKS = Array.from({ length: 10 }, (_, rank) => `SELECT ${rank} AS rank`).join(' UNION ALL ');
/** Asks for the first ready task of each rank: ten looks at an index, however many wait. */
const firstInLine = (head: string): string =>
  `SELECT min(CASE WHEN t.available_at > t.updated_at THEN t.available_at ELSE t.updated_at END) AS since
   FROM (${RANKS}) AS ranks JOIN tasks t ON t.seq = (${head})`;
const FIRST_IN_LINE = {
  // Told the index: without knowing how many tasks there are of each kind, it would take another.
  sqlite: firstInLine(`SELECT min(n.seq) FROM tasks n INDEXED BY tasks_ready
    WHERE n.status = 0 AND n.gate = 0 AND n.rank = ranks.rank`),
  // Asked for the lowest of one rank, it would read tasks in order of arrival until it meets one; the first of the next
  // rank that has one is as good.
  postgres: firstInLine(`SELECT n.seq FROM tasks n
    WHERE n.status = 0 AND n.gate = 0 AND (n.rank, n.seq) >= (ranks.rank, 0) ORDER BY n.rank, n.seq LIMIT 1`),
};
const DUE = { sqlite: NEXT_DUE_ON_SQLITE, postgres: NEXT_DUE };

function typeCount(taskType: string, rows: readonly TypeRow[]): TypeCount {
  return { taskType, tasks: statusCountsFrom(rows), processingMs: sum(rows, 'processing_ms') };
}

function sum(rows: readonly TypeRow[], column: 'tasks' | 'processing_ms'): number {
  return rows.reduce((total, row) => total + row[column], 0);
}
