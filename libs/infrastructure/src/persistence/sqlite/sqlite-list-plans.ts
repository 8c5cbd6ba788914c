import type Sqlite from 'better-sqlite3';
import type { TaskFilter, TaskPageRequest } from '@task/application';
import {
  COUNT_AT_MOST,
  LISTED_COUNTS,
  MAX_MERGED_STREAMS,
  countFilter,
  groupFilter,
  isCounted,
  streamsOf,
  type CountRow,
  type ListedRow,
  type Stream,
} from '../list-plan';
import type { Counters } from '../stream-statement';
import { PreparedStatements } from './prepare';
import { SqliteTagFilter, type TagFilter } from './sqlite-tag-filter';

/**
 * How a list is read.
 * - streams: as they are.
 * - heads: those of very many streams that a page can need.
 * - all: the streams of all groups, out of which the tasks of some are picked.
 */
type Reading = 'streams' | 'heads' | 'all';

/** What is known of a list before any of its tasks is looked at. */
export interface Plan {
  readonly tags: TagFilter;
  /** Whether to look at the tasks with some tag in place of streams. */
  readonly isByTag: boolean;
  readonly reading: Reading;
  readonly streams: readonly Stream[];
  readonly counters: Counters;
  /** Groups that are wanted; null for all. */
  readonly groups: ReadonlySet<number> | null;
  /** Tasks that the counters tell. */
  readonly total: number;
  /** Whether a task of the streams is one of the list, but for its tags. */
  isWanted(row: ListedRow): boolean;
}

interface Sum {
  readonly tasks: number;
  readonly streams: number;
}

/** To open so many costs about as much as to look for a way around it. */
const FEW_STREAMS = 32;

const NOTHING: Sum = { tasks: 0, streams: 0 };

/** Costs of a look at a row of a stream, at the head of another stream, at a row of a tag, and at a task by its tag, as measured, in µs. */
const COST = { row: 1, head: 3, ofTag: 1, tagged: 2 };

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
    const counters = countersOf(filter);
    const tags = this.tags.of(filter);
    const { from, where, parameters } = counters;
    const isByGroup = groupFilter(filter).where !== '';
    const sum = isByGroup ? this.sumOf(counters) : NOTHING;
    if (sum.streams > mostMerged(request)) return this.wide(counters, sum, tags, request);
    const counts = this.statements
      .of<CountRow>(`SELECT ${LISTED_COUNTS} FROM ${from} WHERE ${where}`)
      .all(...parameters);
    const total = sumOf(counts);
    const isByTag = this.isTagShorter(tags, total, request);
    const groups = isByGroup ? new Set(counts.map((row) => row.group_id)) : null;
    const streams = streamsOf(counts, filter, request.sort);
    return { tags, counters, groups, total, isByTag, streams, reading: 'streams', isWanted: () => true };
  }

  /** Of more groups than can be merged. */
  private wide(counters: Counters, sum: Sum, tags: TagFilter, request: TaskPageRequest): Plan {
    const { filter, sort } = request;
    const total = sum.tasks;
    const everywhere = this.countsIn(filter);
    const streams = streamsOf(everywhere, filter, sort).map((stream) => ({ ...stream, groupId: null }));
    let groups: ReadonlySet<number> | undefined;
    // Where nothing is picked, nobody has to know them.
    const wanted = (): ReadonlySet<number> => (groups ??= this.groupsOf(filter));
    const heads = sum.streams * COST.head;
    const rows = (rowsOf(request) * sumOf(everywhere) * COST.row) / Math.max(total, 1);
    // The first of a stream says nothing of those behind it that have the tags.
    const hasHeads = sort.by === 'created_at' && tags.isOn === null;
    const reading = hasHeads && heads < rows ? 'heads' : 'all';
    return {
      ...{ tags, counters, total, streams, reading },
      get groups() {
        return wanted();
      },
      isWanted: (row) => reading === 'heads' || wanted().has(row.group_id),
      isByTag: this.isTagShorter(tags, total, request),
    };
  }

  private sumOf({ from, where, parameters }: Counters): Sum {
    const sql = `SELECT coalesce(sum(c.tasks - c.archived), 0) AS tasks, count(*) AS streams FROM ${from} WHERE ${where}`;
    return this.statements.of<Sum>(sql).get(...parameters) ?? NOTHING;
  }

  /** Whether it is less to look at tasks with a tag than to meet enough of them on the way. */
  private isTagShorter({ isOn, tasks }: TagFilter, total: number, request: TaskPageRequest): boolean {
    if (isOn === null || total === 0) return false;
    const { filter, sort } = request;
    const everything = sumOf(this.countsIn({}));
    const isInOrder = sort.by === 'created_at';
    // Of a common tag nobody knows how common it is: its stream is the shorter one where the other is of all tasks.
    if (tasks > COUNT_AT_MOST) return isInOrder && total === everything;
    const met = (rowsOf(request) * everything) / Math.max(tasks, 1);
    const along = Math.min(total, met) * COST.row;
    if (!isInOrder) return tasks * COST.tagged < along;
    const perRow = filter.status === undefined ? COST.ofTag : COST.ofTag + COST.tagged;
    return Math.min(tasks, (rowsOf(request) * everything) / total) * perRow < along;
  }

  private groupsOf(filter: TaskFilter): ReadonlySet<number> {
    const { from, where, parameters } = groupsOf(filter);
    const rows = this.statements
      .of<{ id: number }>(`SELECT g.id FROM ${from} WHERE ${where}`)
      .all(...parameters);
    return new Set(rows.map(({ id }) => id));
  }

  /** Counters of the same statuses and priorities, whatever their groups. */
  private countsIn(filter: TaskFilter): readonly CountRow[] {
    const sql = `SELECT ${LISTED_COUNTS} FROM task_counts c WHERE c.group_id = 0 AND ${countFilter(filter)}`;
    return this.statements.of<CountRow>(sql).all();
  }
}

/** Of how many groups the streams are merged as they are. */
function mostMerged({ filter, sort }: TaskPageRequest): number {
  // A total that has to be counted is counted along those streams, and priorities and statuses have no heads.
  return isCounted(filter) && sort.by === 'created_at' ? FEW_STREAMS : MAX_MERGED_STREAMS;
}

/** Directories first, then their groups, then the counters of those: in any other order, every counter would be looked at. */
function countersOf(filter: TaskFilter): Counters {
  if (groupFilter(filter).where === '') {
    return { from: 'task_counts c', where: `c.group_id = 0 AND ${countFilter(filter)}`, parameters: [] };
  }
  const { from, where, parameters } = groupsOf(filter);
  return {
    from: `${from} CROSS JOIN task_counts c`,
    where: `c.group_id = g.id AND ${where} AND ${countFilter(filter)}`,
    parameters,
  };
}

function groupsOf(filter: TaskFilter): Counters {
  const { where, parameters } = groupFilter(filter);
  if (filter.directoryContains === undefined) return { from: 'task_groups g', where, parameters };
  return {
    from: 'directories d CROSS JOIN task_groups g',
    where: `${where.replace('CONTAINS(', 'instr(')} AND g.directory_id = d.id`,
    parameters,
  };
}

function rowsOf({ offset, limit }: TaskPageRequest): number {
  return offset + limit + 1;
}

function sumOf(counts: readonly CountRow[]): number {
  return counts.reduce((sum, { tasks }) => sum + tasks, 0);
}
