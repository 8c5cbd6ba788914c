import type { TaskFilter, TaskPageRequest } from '@task/application';
import { areHeadsShorter, isTagShorter, mostMerged, rowsOf, sumOf, type Sum } from '../list-choices';
import { countersOf, countersOfAll, groupsOf } from '../list-counters';
import {
  LISTED_COUNTS,
  groupFilter,
  isCounted,
  streamsOf,
  streamsOfAll,
  type CountRow,
  type Stream,
} from '../list-plan';
import { POSTGRES_WORDS as words } from '../list-words';
import type { Picked } from '../picked';
import type { Ask, Counters } from '../stream-statement';
import { PostgresTagFilter } from './postgres-tag-filter';

/** What is known of a list before any of its tasks is looked at. */
export interface Plan extends Picked {
  /** Whether to look at the tasks with some tag in place of streams. */
  readonly isByTag: boolean;
  readonly streams: readonly Stream[];
  readonly counters: Counters;
  /** Tasks that the counters tell. */
  readonly total: number;
}

/** Makes plans for lists from the counters: what is there, and the cheapest way to find it. */
export class PostgresListPlans {
  private readonly tags: PostgresTagFilter;

  constructor(private readonly ask: Ask) {
    this.tags = new PostgresTagFilter(ask);
  }

  async of(request: TaskPageRequest): Promise<Plan> {
    const { filter } = request;
    const tags = await this.tags.of(filter);
    const counters = countersOf(filter, words);
    const isByGroup = groupFilter(filter).where !== '';
    const most = Math.min(mostMerged(request), Math.max(FEW, Math.floor(MOST_ROWS / rowsOf(request))));
    const counts = await this.countsOf(counters, isByGroup ? most + 1 : undefined);
    const known = { tags, counters, words };
    if (isByGroup && counts.length > most) return this.wide(known, request);
    const total = sumOf(counts);
    return {
      ...{ ...known, total, isByTag: await this.isByTag(known, total, request) },
      groups: isByGroup ? new Set(counts.map((row) => row.group_id)) : null,
      ...{ reading: 'streams', streams: streamsOf(counts, filter, request.sort) },
    };
  }

  /** Of more groups than can be merged. */
  private async wide(known: Known, request: TaskPageRequest): Promise<Plan> {
    const { filter, sort } = request;
    const sum = await this.sumOf(known.counters);
    const everywhere = await this.countsOf(countersOfAll(filter));
    const areHeads = isShallow(sum, request) && areHeadsShorter(sum, sumOf(everywhere), known.tags, request);
    return {
      ...{ ...known, total: sum.tasks, isByTag: await this.isByTag(known, sum.tasks, request) },
      // A total that no counter holds is counted along the streams of all groups, whatever the page is read from.
      groups: areHeads && isCounted(filter) ? null : await this.groupsOf(filter),
      reading: areHeads ? 'heads' : 'all',
      streams: streamsOfAll(everywhere, filter, sort),
    };
  }

  private async isByTag({ tags }: Known, total: number, request: TaskPageRequest): Promise<boolean> {
    if (tags.isOn === null || total === 0) return false;
    const everything = sumOf(await this.countsOf(countersOfAll({})));
    return isTagShorter(tags, { total, everything }, request);
  }

  private countsOf({ from, where, parameters }: Counters, most?: number): Promise<readonly CountRow[]> {
    const sql = `SELECT ${LISTED_COUNTS} FROM ${from} WHERE ${where}`;
    return this.ask<CountRow>(
      most === undefined ? { sql, parameters } : { sql: `${sql} LIMIT ?`, parameters: [...parameters, most] },
    );
  }

  private async sumOf({ from, where, parameters }: Counters): Promise<Sum> {
    const sql = `SELECT coalesce(sum(c.tasks - c.archived), 0)::int AS tasks, count(*)::int AS streams
      FROM ${from} WHERE ${where}`;
    const [sum] = await this.ask<Sum>({ sql, parameters });
    return sum ?? { tasks: 0, streams: 0 };
  }

  private async groupsOf(filter: TaskFilter): Promise<ReadonlySet<number>> {
    const { from, where, parameters } = groupsOf(filter, words);
    const rows = await this.ask<{ id: number }>({
      sql: `SELECT g.id FROM ${from} WHERE ${where}`,
      parameters,
    });
    return new Set(rows.map(({ id }) => id));
  }
}

/** Of each stream all rows are read that the page could need: so many at most, of all of them. */
const MOST_ROWS = 50_000;
/** Whatever that comes to. */
const FEW = 16;

/** Whether the streams that a page can need, as many as it has rows, are no more to read than that. */
function isShallow({ tasks, streams }: Sum, request: TaskPageRequest): boolean {
  const rows = rowsOf(request);
  return Math.min(rows, streams) * Math.min(rows, tasks / Math.max(streams, 1)) <= MOST_ROWS;
}

type Known = Pick<Plan, 'tags' | 'counters' | 'words'>;
