import type { Position, TaskFilter, TaskSort } from '@task/application';
import { LISTED_COLUMNS, type Stream } from '../list-plan';
import { orderOf, within, type Counters, type Statement } from '../stream-statement';

const ALL: Stream = { groupId: null, status: null, rank: null };
const COLUMNS = [
  ['groupId', 'group_id'],
  ['status', 'status'],
  ['rank', 'rank'],
] as const;

/**
 * The next rows of streams that have the same place in the sort, in the order of the list. The last parameter is the
 * number of rows.
 */
export function nextStatement(streams: readonly Stream[], { filter, sort, after, most }: Reach): Statement {
  const { sql, parameters } = streamsStatement(streams, { filter, sort, after, most });
  return {
    sql: `SELECT w.* FROM (${sql}) w ORDER BY ${orderOf(sort, 'w')} LIMIT ?`,
    parameters: [...parameters, most],
  };
}

/**
 * Of each stream that counters `c` tell, its first row behind a place, and of those the first ones: no later row of
 * another stream can be on a page of so many. The last parameter is their number.
 */
export function headsStatement(
  { from, where, parameters }: Counters,
  { filter, sort, after }: Pick<Reach, 'filter' | 'sort' | 'after'>,
): Statement {
  const behind = within(ALL, filter, sort, after, 'n');
  const own = ['n.group_id = c.group_id', 'n.status = c.status', 'n.rank = c.rank', ...behind.conditions];
  return {
    sql: `SELECT c.group_id, c.status, c.rank FROM ${from} CROSS JOIN LATERAL (SELECT n.created_at, n.seq
      FROM tasks n WHERE ${own.join(' AND ')} ORDER BY ${orderOf(sort, 'n')} LIMIT 1) t
      WHERE ${where} ORDER BY ${orderOf(sort, 't')} LIMIT ?`,
    parameters: [...behind.parameters, ...parameters],
  };
}

/** Where reading begins, and how many rows of each stream are read at most. */
export interface Reach {
  readonly filter: TaskFilter;
  readonly sort: TaskSort;
  readonly after: Position | null;
  readonly most: number;
}

/**
 * Rows of several streams, each in its order. The last parameter is their number, of each stream.
 *
 * Nothing says that a rank is one value, and it comes first in the order: else PostgreSQL, which knows the share of a
 * status and not where in time it lies, may go along all tasks by their creation.
 */
export function streamsStatement(
  streams: readonly Stream[],
  { filter, sort, after, most }: Reach,
): Statement {
  const [stream] = streams;
  const keys = COLUMNS.filter(([key]) => stream?.[key] !== null);
  const { conditions, parameters } = within(ALL, filter, sort, after, 't');
  const isOf = (column: string): string =>
    column === 'rank' ? 't.rank BETWEEN s.rank AND s.rank' : `t.${column} = s.${column}`;
  const own = [...keys.map(([, column]) => isOf(column)), ...conditions];
  const where = own.length === 0 ? '' : `WHERE ${own.join(' AND ')}`;
  const first = stream?.rank === null ? '' : `t.rank ${sort.order === 'asc' ? 'ASC' : 'DESC'}, `;
  return {
    sql: `SELECT x.* FROM unnest(${COLUMNS.map(() => NUMBERS).join(', ')}) AS s(${COLUMNS.map(([, column]) => column).join(', ')})
      CROSS JOIN LATERAL (SELECT ${LISTED_COLUMNS} FROM tasks t ${where} ORDER BY ${first}${orderOf(sort, 't')} LIMIT ?) x`,
    parameters: [
      ...COLUMNS.map(([key]) => JSON.stringify(streams.map((each) => each[key]))),
      ...parameters,
      most,
    ],
  };
}

/** A list of numbers that is bound as JSON. */
const NUMBERS = `translate(?, '[]', '{}')::int[]`;
