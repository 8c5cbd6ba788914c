import type Sqlite from 'better-sqlite3';
import type { Position, TaskPageRequest } from '@task/application';
import {
  LOOKED_AT_MOST,
  inOrderOf,
  isCounted,
  placeOf,
  startOf,
  type ListedRow,
  type Stream,
} from '../list-plan';
import { StreamCursor, mergeStreams, type ReadChunk } from '../merge-streams';
import { headsStatement, streamStatement } from '../stream-statement';
import { PreparedStatements } from './prepare';
import { SqliteListPlans, type Plan } from './sqlite-list-plans';
import { SqliteTotals } from './sqlite-totals';
import { taggedStatement, tagStreamStatement } from '../tagged-statement';
import { Turns } from './turns';

/** A page before its tasks are loaded. */
export interface ListedSeqs {
  readonly seqs: readonly number[];
  readonly total: number;
  readonly totalCapped: boolean;
  readonly next: Position | null;
}

interface TaggedRow extends ListedRow {
  /** Whether it has the tags; absent where none are asked for. */
  readonly tagged?: number;
}

/** Lists tasks by merging streams; every one of them is read through an index, in small pieces, as far as needed. */
export class SqliteLists {
  private readonly statements: PreparedStatements;
  private readonly plans: SqliteListPlans;
  private readonly totals: SqliteTotals;

  constructor(
    db: Sqlite.Database,
    private readonly lookedAtMost: number = LOOKED_AT_MOST,
  ) {
    this.statements = new PreparedStatements(db);
    this.plans = new SqliteListPlans(db);
    this.totals = new SqliteTotals(db);
  }

  async read(request: TaskPageRequest): Promise<ListedSeqs> {
    const { limit, sort, filter } = request;
    const plan = this.plans.of(request);
    const { rows, stoppedAt, all } = await this.page(plan, request);
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : stoppedAt;
    const known = isCounted(filter) ? plan.total : all;
    const total = known === null ? this.totals.of(plan, filter) : { total: known, totalCapped: false };
    return {
      seqs: shown.map(({ seq }) => seq),
      next: last === undefined ? null : placeOf(last, sort),
      ...total,
    };
  }

  /** The page and one row more, or what was found of it until so many were looked at. */
  private async page(plan: Plan, request: TaskPageRequest): Promise<Page> {
    const { limit, offset } = request;
    if (limit === 0 || plan.tags.tasks === 0) return NO_TASKS;
    const turns = new Turns();
    const found = new Map<number, ListedRow>();
    let [matches, lookedAt] = [0, 0];
    for (const row of this.candidates(plan, request)) {
      if (turns.isOver) await turns.pass();
      lookedAt += 1;
      if (plan.isWanted(row) && row.tagged !== 0) {
        matches += 1;
        if (matches > offset) found.set(row.seq, row);
      }
      if (found.size > limit) break;
      // What an offset skips is looked at, however much it is.
      if (lookedAt - matches >= this.lookedAtMost)
        return { rows: [...found.values()], stoppedAt: row, all: null };
    }
    const isWhole = found.size <= limit && request.after === null;
    return { rows: [...found.values()], stoppedAt: undefined, all: isWhole ? matches : null };
  }

  /** Everything behind the request's cursor that may be wanted, in order, found as it is asked for. */
  private candidates(plan: Plan, request: TaskPageRequest): Iterable<TaggedRow> {
    const { sort } = request;
    if (plan.isByTag)
      return sort.by === 'created_at' ? this.alongTags(plan, request) : this.sorted(plan, request);
    const cursors = this.streams(plan, request).flatMap((stream) => {
      const start = startOf(stream, request);
      return start === 'done' ? [] : [new StreamCursor(this.chunksOf(stream, plan, request), start)];
    });
    return mergeStreams(cursors, inOrderOf(sort));
  }

  /** The tasks with one of the tags, in order, each once. */
  private alongTags(plan: Plan, { filter, sort, after }: TaskPageRequest): Iterable<TaggedRow> {
    const cursors = plan.tags.among.map((tagId) => {
      const read: ReadChunk = (from, size) => {
        const { sql, parameters } = tagStreamStatement(tagId, plan, filter, sort, from);
        return this.statements.of<TaggedRow>(sql).all(...parameters, size);
      };
      return new StreamCursor(read, after);
    });
    return distinct(mergeStreams(cursors, inOrderOf(sort)));
  }

  private sorted(plan: Plan, request: TaskPageRequest): readonly TaggedRow[] {
    const { sql, parameters } = taggedStatement(plan, request);
    return this.statements.of<TaggedRow>(sql).all(...parameters, request.offset + request.limit + 1);
  }

  /** Of very many streams those that this page can need, or the streams of all groups, whichever reads less. */
  private streams({ streams, counters, reading }: Plan, request: TaskPageRequest): readonly Stream[] {
    if (reading !== 'heads') return streams;
    const { filter, sort, after, offset, limit } = request;
    const { sql, parameters } = headsStatement(counters, filter, sort, after);
    const heads = this.statements
      .of<Omit<ListedRow, 'seq' | 'created_at'>>(sql)
      .all(...parameters, offset + limit + 1);
    return heads.map(({ group_id: groupId, status, rank }) => ({ groupId, status, rank }));
  }

  private chunksOf(stream: Stream, { tags }: Plan, { filter, sort }: TaskPageRequest): ReadChunk {
    const tagged = tags.isOn === null ? undefined : { ...tags.isOn, sql: `, ${tags.isOn.sql} AS tagged` };
    return (after, size) => {
      const { sql, parameters } = streamStatement(stream, filter, sort, after, tagged);
      return this.statements.of<TaggedRow>(sql).all(...parameters, size);
    };
  }
}

/** Of rows in order those that are not the one before once more. */
function* distinct(rows: Iterable<TaggedRow>): Generator<TaggedRow> {
  let last: number | undefined;
  for (const row of rows) {
    if (row.seq !== last) yield row;
    last = row.seq;
  }
}

interface Page {
  readonly rows: readonly ListedRow[];
  /** The last task that was looked at, where the page ends for having looked at enough. */
  readonly stoppedAt: ListedRow | undefined;
  /** All that the list holds, where the page has met its beginning and its end. */
  readonly all: number | null;
}

const NO_TASKS: Page = { rows: [], stoppedAt: undefined, all: null };
