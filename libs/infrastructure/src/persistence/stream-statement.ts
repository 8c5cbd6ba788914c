import type { Position, TaskFilter, TaskSort } from '@task/application';
import { LISTED_COLUMNS, type Stream } from './list-plan';

/** SQL with what it binds, in the order of its `?`. */
export interface Statement {
  readonly sql: string;
  readonly parameters: readonly (number | string)[];
}

/** Asks what a statement asks. */
export type Ask = <Row>(statement: Statement) => Promise<readonly Row[]>;

/** Counters `c`: what follows FROM and WHERE. */
export interface Counters {
  readonly from: string;
  readonly where: string;
  readonly parameters: readonly string[];
}

/**
 * Reads one stream in the order of the list, from behind a place or from its start. The conditions follow the columns
 * of one index, so that nothing is sorted and nothing is read that is not given. The last parameter, the number of
 * rows, is left to the caller.
 * @param more columns beside those that a list reads, with what they bind
 */
export function streamStatement(
  stream: Stream,
  filter: TaskFilter,
  sort: TaskSort,
  after: Position | null,
  more: Statement = { sql: '', parameters: [] },
): Statement {
  const { conditions, parameters } = within(stream, filter, sort, after, 't');
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  return {
    sql: `SELECT ${LISTED_COLUMNS}${more.sql} FROM tasks t${where} ORDER BY ${orderOf(sort, 't')} LIMIT ?`,
    parameters: [...more.parameters, ...parameters],
  };
}

/**
 * Of each stream that counters `c` tell, its first row behind a place, and of those the first ones: no later row of
 * another stream can be on a page of so many. One look at an index for each counter. The last parameter is their number.
 */
export function headsStatement(
  counters: Counters,
  filter: TaskFilter,
  sort: TaskSort,
  after: Position | null,
): Statement {
  const all = { groupId: null, status: null, rank: null };
  const { conditions, parameters } = within(all, filter, sort, after, 'n');
  const own = ['n.group_id = c.group_id', 'n.status = c.status', 'n.rank = c.rank', ...conditions].join(
    ' AND ',
  );
  // A cross join keeps the counters outside; asked for in one, the first row would be looked for among all tasks.
  return {
    sql: `SELECT c.group_id, c.status, c.rank FROM ${counters.from} CROSS JOIN tasks t
      WHERE t.seq = (SELECT n.seq FROM tasks n INDEXED BY tasks_by_group WHERE ${own}
        ORDER BY ${orderOf(sort, 'n')} LIMIT 1) AND ${counters.where}
      ORDER BY ${orderOf(sort, 't')} LIMIT ?`,
    parameters: [...parameters, ...counters.parameters],
  };
}

/** The conditions of a stream, from its start or from behind a place, on the table of that name. */
export function within(
  { groupId, status, rank }: Stream,
  { createdAfter, createdBefore }: TaskFilter,
  { order }: TaskSort,
  after: Position | null,
  name: string,
): { readonly conditions: readonly string[]; readonly parameters: readonly number[] } {
  const conditions: string[] = [];
  const parameters: number[] = [];
  const add = (condition: string, ...values: readonly (number | null | undefined)[]): void => {
    const given = values.filter((value) => value !== null && value !== undefined);
    if (given.length === 0) return;
    conditions.push(condition);
    parameters.push(...given);
  };
  add(`${name}.group_id = ?`, groupId);
  add(`${name}.status = ?`, status);
  add(`${name}.rank = ?`, rank);
  // A place in the list is within its times. SQLite begins to read at one bound only, and it may be the wrong one of two.
  if (after === null || order === 'desc') add(`${name}.created_at >= ?`, createdAfter);
  if (after === null || order === 'asc') add(`${name}.created_at < ?`, createdBefore);
  const sign = order === 'asc' ? '>' : '<';
  if (after !== null) add(`(${name}.created_at, ${name}.seq) ${sign} (?, ?)`, after[1], after[2]);
  return { conditions, parameters };
}

/** The order of a stream, on the table of that name. */
export function orderOf({ order }: TaskSort, name: string): string {
  const direction = order === 'asc' ? 'ASC' : 'DESC';
  return `${name}.created_at ${direction}, ${name}.seq ${direction}`;
}
