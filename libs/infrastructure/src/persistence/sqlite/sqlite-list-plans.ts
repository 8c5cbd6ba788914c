import type Sqlite from 'better-sqlite3';
import type { TaskFilter, TaskPageRequest } from '@task/application';
import { areHeadsShorter, isTagShorter, mostMerged, sumOf, type Sum } from '../list-choices';
import {
  LISTED_COUNTS,
  groupFilter,
  streamsOf,
  streamsOfAll,
  type CountRow,
  type ListedRow,
  type Stream,
} from '../list-plan';
import { countersOf, countersOfAll, groupsOf } from '../list-counters';
import { SQLITE_WORDS } from '../list-words';
import type { Counters } from '../stream-statement';
import type { TagFilter } from '../tag-filter';
import type { Picked } from '../picked';
import { PreparedStatements } from './prepare';
import { SqliteTagFilter } from './sqlite-tag-filter';

/** What is known of a list before any of its tasks is looked at. */
export interface Plan extends Picked {
  /** Whether to look at the tasks with some tag in place of streams. */
  readonly isByTag: boolean;
  readonly streams: readonly Stream[];
  readonly counters: Counters;
  /** Groups that are wanted; null for all. */
  readonly groups: ReadonlySet<number> | null;
  /** Tasks that the counters tell. */
  readonly total: number;
  /** Whether a task of the streams is one of the list, but for its tags. */
  isWanted(row: ListedRow): boolean;
}

const NOTHING: Sum = { tasks: 0, streams: 0 };

/** Makes plans for lists from the counters: what is there, and the cheapest way to find it. */
export class SqliteListPlans {
  private readonly statements: PreparedStatements;
  private readonly tags: SqliteTagFilter;

  constructor(db: Sqlite.Database) {
    this.statements = new PreparedStatements(db);
    this.tags = new SqliteTagFilter(db);
  }

  of(request: TaskPageRequest): Plan {
    const { filter } = request;
    const counters = countersOf(filter, SQLITE_WORDS);
    const tags = this.tags.of(filter);
    const isByGroup = groupFilter(filter).where !== '';
    const sum = isByGroup ? this.sumOf(counters) : NOTHING;
    if (sum.streams > mostMerged(request)) return this.wide(counters, sum, tags, request);
    const counts = this.countsOf(counters);
    const total = sumOf(counts);
    const isByTag = this.isByTag(tags, total, request);
    const groups = isByGroup ? new Set(counts.map((row) => row.group_id)) : null;
    const streams = streamsOf(counts, filter, request.sort);
    return {
      ...{ words: SQLITE_WORDS, tags, counters, groups, total, isByTag, streams },
      reading: 'streams',
      isWanted: () => true,
    };
  }

  /** Of more groups than can be merged. */
  private wide(counters: Counters, sum: Sum, tags: TagFilter, request: TaskPageRequest): Plan {
    const { filter, sort } = request;
    const total = sum.tasks;
    const everywhere = this.countsIn(filter);
    const streams = streamsOfAll(everywhere, filter, sort);
    let groups: ReadonlySet<number> | undefined;
    // Where nothing is picked, nobody has to know them.
    const wanted = (): ReadonlySet<number> => (groups ??= this.groupsOf(filter));
    const reading = areHeadsShorter(sum, sumOf(everywhere), tags, request) ? 'heads' : 'all';
    return {
      ...{ words: SQLITE_WORDS, tags, counters, total, streams, reading },
      get groups() {
        return wanted();
      },
      isWanted: (row) => reading === 'heads' || wanted().has(row.group_id),
      isByTag: this.isByTag(tags, total, request),
    };
  }

  private sumOf({ from, where, parameters }: Counters): Sum {
    const sql = `SELECT coalesce(sum(c.tasks - c.archived), 0) AS tasks, count(*) AS streams FROM ${from} WHERE ${where}`;
    return this.statements.of<Sum>(sql).get(...parameters) ?? NOTHING;
  }

  private isByTag(tags: TagFilter, total: number, request: TaskPageRequest): boolean {
    if (tags.isOn === null || total === 0) return false;
    return isTagShorter(tags, { total, everything: sumOf(this.countsIn({})) }, request);
  }

  private groupsOf(filter: TaskFilter): ReadonlySet<number> {
    const { from, where, parameters } = groupsOf(filter, SQLITE_WORDS);
    const rows = this.statements
      .of<{ id: number }>(`SELECT g.id FROM ${from} WHERE ${where}`)
      .all(...parameters);
    return new Set(rows.map(({ id }) => id));
  }

  private countsOf({ from, where, parameters }: Counters): readonly CountRow[] {
    return this.statements
      .of<CountRow>(`SELECT ${LISTED_COUNTS} FROM ${from} WHERE ${where}`)
      .all(...parameters);
  }

  /** Counters of the same statuses and priorities, whatever their groups. */
  private countsIn(filter: TaskFilter): readonly CountRow[] {
    return this.countsOf(countersOfAll(filter));
  }
}
