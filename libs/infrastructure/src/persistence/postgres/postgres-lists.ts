import type { Position, TaskPageRequest } from '@task/application';
import type { DataSource } from 'typeorm';
import { rowsOf } from '../list-choices';
import { LOOKED_AT_MOST, inOrderOf, isCounted, placeOf, type ListedRow, type Stream } from '../list-plan';
import type { Ask, Statement } from '../stream-statement';
import { taggedStatement } from '../tagged-statement';
import { headsStatement } from './merged-statement';
import { sourcesOf, type Source } from './list-sources';
import { lookedStatement } from './looked-statement';
import { numbered } from './numbered';
import { PostgresListPlans, type Plan } from './postgres-list-plans';
import { PostgresTotals } from './postgres-totals';

/** A page before its tasks are loaded. */
export interface ListedSeqs {
  readonly seqs: readonly number[];
  readonly total: number;
  readonly totalCapped: boolean;
  readonly next: Position | null;
}

/** The page and one row more, or what was found of it until so many were looked at. */
interface Page {
  readonly rows: readonly ListedRow[];
  /** The last task that was looked at, where the page ends for having looked at enough. */
  readonly stoppedAt?: ListedRow;
  /** All that the list holds, where the page has met its beginning and its end. */
  readonly all: number | null;
}

/** A task that is wanted; or the last that was looked at, with how many were and how many of them are wanted. */
type LookedRow = ListedRow &
  ({ readonly looked: null } | { readonly looked: number; readonly matches: number });

interface Bounds {
  /** Tasks that are looked at in vain for one page, and no more than one piece beyond. */
  readonly lookedAtMost: number;
  /** Of tasks of which few may be wanted, so many are looked at first. */
  readonly least: number;
}

const LEAST = 256;
/** More and more are looked at, up to so many at once. */
const LARGEST = 16_384;
const NO_TASKS: Page = { rows: [], all: null };

/** Lists tasks by merging streams, each read through an index no further than the page needs. */
export class PostgresLists {
  private readonly ask: Ask;
  private readonly plans: PostgresListPlans;
  private readonly totals: PostgresTotals;
  private readonly bounds: Bounds;

  constructor(source: DataSource, { lookedAtMost = LOOKED_AT_MOST, least = LEAST }: Partial<Bounds> = {}) {
    this.ask = <Row>({ sql, parameters }: Statement) => source.query<Row[]>(numbered(sql), [...parameters]);
    this.plans = new PostgresListPlans(this.ask);
    this.totals = new PostgresTotals(this.ask);
    this.bounds = { lookedAtMost, least };
  }

  async read(request: TaskPageRequest): Promise<ListedSeqs> {
    const { filter, sort, limit } = request;
    const plan = await this.plans.of(request);
    const { rows, stoppedAt, all } = await this.page(plan, request);
    const shown = rows.slice(0, limit);
    const last = rows.length > limit ? shown.at(-1) : stoppedAt;
    const known = isCounted(filter) ? plan.total : all;
    return {
      seqs: shown.map(({ seq }) => seq),
      next: last === undefined ? null : placeOf(last, sort),
      ...(known === null ? await this.totals.of(plan, filter) : { total: known, totalCapped: false }),
    };
  }

  private async page(plan: Plan, request: TaskPageRequest): Promise<Page> {
    const { limit, sort } = request;
    if (limit === 0 || plan.tags.tasks === 0 || plan.total === 0) return NO_TASKS;
    if (plan.isByTag && sort.by !== 'created_at') return this.sorted(plan, request);
    const streams = plan.reading === 'heads' ? await this.heads(plan, request) : plan.streams;
    return this.looked(sourcesOf(plan, streams, request, this.bounds.least), request);
  }

  /** Of very many streams those that this page can need. */
  private async heads({ counters }: Plan, request: TaskPageRequest): Promise<readonly Stream[]> {
    const statement = headsStatement(counters, request);
    const rows = await this.ask<Omit<ListedRow, 'seq' | 'created_at'>>({
      ...statement,
      parameters: [...statement.parameters, rowsOf(request)],
    });
    return rows.map(({ group_id: groupId, status, rank }) => ({ groupId, status, rank }));
  }

  private async sorted(plan: Plan, request: TaskPageRequest): Promise<Page> {
    const { limit, offset } = request;
    const { sql, parameters } = taggedStatement(plan, request);
    const skipping = { sql: `${sql} OFFSET ?`, parameters: [...parameters, limit + 1, offset] };
    return pageOf(await this.ask<ListedRow>(skipping), request);
  }

  /** Looks at one task after the other, until the page is found, nothing is left, or enough were looked at in vain. */
  private async looked(sources: readonly Source[], request: TaskPageRequest): Promise<Page> {
    const { sort, limit, offset } = request;
    const found = new Map<number, ListedRow>();
    let [matches, inVain] = [0, 0];
    for (const source of sources) {
      let [after, size] = [source.start, source.first(matches)];
      for (let isLeft = true; isLeft; size = Math.min(4 * size, LARGEST)) {
        const terms = { sort, skipped: Math.max(0, offset - matches), most: limit + 1 - found.size };
        const rows = await this.ask<LookedRow>(
          lookedStatement(source.next(after, size), source.wanted, terms),
        );
        const last = rows.find((row) => row.looked !== null);
        if (last === undefined) break;
        const wanted = rows.filter(({ looked }) => looked === null).sort(inOrderOf(sort));
        for (const row of wanted) found.set(row.seq, row);
        matches += last.matches;
        inVain += last.looked - last.matches;
        if (found.size > limit) return { rows: [...found.values()], all: null };
        isLeft = last.looked >= size;
        if (isLeft && inVain >= this.bounds.lookedAtMost)
          return { rows: [...found.values()], stoppedAt: last, all: null };
        after = placeOf(last, sort);
      }
    }
    return { rows: [...found.values()], all: request.after === null ? matches : null };
  }
}

/** A page that was asked for at once. */
function pageOf(rows: readonly ListedRow[], { limit, offset, after }: TaskPageRequest): Page {
  const isWhole = after === null && rows.length <= limit && (rows.length > 0 || offset === 0);
  return { rows, all: isWhole ? offset + rows.length : null };
}
