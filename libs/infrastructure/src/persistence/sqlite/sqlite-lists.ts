import type Sqlite from 'better-sqlite3';
import type { Position, TaskFilter, TaskPageRequest, TaskSort } from '@task/application';
import {
  COUNT_AT_MOST,
  LISTED_COUNTS,
  LISTED_COLUMNS,
  MAX_MERGED_STREAMS,
  comparePositions,
  countFilter,
  groupFilter,
  isCounted,
  placeOf,
  startOf,
  streamsOf,
  wantedBy,
  type CountRow,
  type ListedRow,
  type Stream,
} from '../list-plan';
import { StreamCursor, mergeStreams, type ReadChunk } from '../merge-streams';
import { streamStatement } from '../stream-statement';
import { SqliteTagFilter, type TagFilter } from './sqlite-tag-filter';
import { prepare, PreparedStatements } from './prepare';

/** A page before its tasks are loaded. */
export interface ListedSeqs {
  readonly seqs: readonly number[];
  readonly total: number;
  readonly totalCapped: boolean;
  readonly next: Position | null;
}

/** Lists tasks by merging streams; every one of them is read through an index, in small pieces, as far as needed. */
export class SqliteLists {
  private readonly statements: PreparedStatements;
  private readonly tags: SqliteTagFilter;
  private readonly bySeq: Sqlite.Statement<[number], ListedRow>;

  constructor(db: Sqlite.Database) {
    // Part of a text, letter by letter, where LIKE would know wildcards and fold case.
    db.function('CONTAINS', { deterministic: true }, (text: unknown, part: unknown) =>
      Number(typeof text === 'string' && typeof part === 'string' && text.includes(part)),
    );
    this.statements = new PreparedStatements(db);
    this.tags = new SqliteTagFilter(db);
    this.bySeq = prepare(db, `SELECT ${LISTED_COLUMNS} FROM tasks t WHERE t.seq = ?`);
  }

  read(request: TaskPageRequest): ListedSeqs {
    const { limit, offset } = request;
    const plan = this.plan(request);
    const rows = [...skip(this.matching(plan, request), offset, limit + 1)];
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : undefined;
    return {
      seqs: shown.map(({ seq }) => seq),
      next: last === undefined ? null : placeOf(last, request.sort),
      ...this.total(plan, request),
    };
  }

  private plan({ filter }: TaskPageRequest): Plan {
    const { where, parameters } = groupFilter(filter);
    const sql =
      where === ''
        ? `SELECT ${LISTED_COUNTS} FROM task_counts c WHERE c.group_id = 0 AND ${countFilter(filter)}`
        : `SELECT ${LISTED_COUNTS} FROM task_counts c JOIN task_groups g ON g.id = c.group_id
           LEFT JOIN directories d ON d.id = g.directory_id WHERE ${where} AND ${countFilter(filter)}`;
    const counts = this.statements.of<CountRow>(sql).all(...parameters);
    return { counts, tags: this.tags.of(filter) };
  }

  /** Everything behind the request's cursor, in order, found as it is asked for. */
  private *matching(plan: Plan, request: TaskPageRequest): Generator<ListedRow> {
    const { filter, sort, after } = request;
    const isWanted = wantedBy(plan.counts, filter);
    const { rare } = plan.tags;
    if (rare === null) {
      for (const row of this.merged(plan, request)) if (isWanted(row) && plan.tags.has(row.seq)) yield row;
      return;
    }
    const compare = byPlace(sort);
    const rows = rare
      .flatMap((seq) => this.bySeq.all(seq))
      .filter((row) => isWanted(row) && plan.tags.has(row.seq));
    const isAhead = (row: ListedRow): boolean =>
      after === null || comparePositions(placeOf(row, sort), after, sort.order) > 0;
    yield* rows.filter(isAhead).sort(compare);
  }

  private merged({ counts }: Plan, request: TaskPageRequest): Iterable<ListedRow> {
    const { filter, sort } = request;
    const exact = streamsOf(counts, filter, sort);
    const streams = exact.length > MAX_MERGED_STREAMS ? withoutGroups(exact) : exact;
    const cursors = streams.flatMap((stream) => {
      const start = startOf(stream, request);
      return start === 'done' ? [] : [new StreamCursor(this.chunksOf(stream, filter, sort), start)];
    });
    return mergeStreams(cursors, byPlace(sort));
  }

  private chunksOf(stream: Stream, filter: TaskFilter, sort: TaskSort): ReadChunk {
    return (after, size) => {
      const { sql, parameters } = streamStatement(stream, filter, sort, after);
      return this.statements.of<ListedRow>(sql).all(...parameters, size);
    };
  }

  private total(plan: Plan, request: TaskPageRequest): { total: number; totalCapped: boolean } {
    if (isCounted(request.filter)) {
      return { total: plan.counts.reduce((sum, { tasks }) => sum + tasks, 0), totalCapped: false };
    }
    const rows = [...skip(this.matching(plan, { ...request, after: null }), 0, COUNT_AT_MOST + 1)];
    return { total: Math.min(rows.length, COUNT_AT_MOST), totalCapped: rows.length > COUNT_AT_MOST };
  }
}

interface Plan {
  readonly counts: readonly CountRow[];
  readonly tags: TagFilter;
}

function* skip<T>(rows: Iterable<T>, offset: number, limit: number): Generator<T> {
  let index = 0;
  for (const row of rows) {
    if (index >= offset) yield row;
    index += 1;
    if (index === offset + limit) return;
  }
}

function byPlace(sort: TaskSort): (left: ListedRow, right: ListedRow) => number {
  return (left, right) => comparePositions(placeOf(left, sort), placeOf(right, sort), sort.order);
}

/** The same tasks and more, without regard to groups. */
function withoutGroups(streams: readonly Stream[]): readonly Stream[] {
  return [
    ...new Map(
      streams.map(({ status, rank }) => [`${status}/${rank}`, { groupId: null, status, rank }]),
    ).values(),
  ];
}
