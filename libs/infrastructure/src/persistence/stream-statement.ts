import type { Position, TaskFilter, TaskSort } from '@task/application';
import { LISTED_COLUMNS, type Stream } from './list-plan';

/**
 * Reads one stream in the order of the list, from behind a place or from its start. The conditions follow the columns
 * of one index, so that nothing is sorted and nothing is read that is not given. The last parameter, the number of
 * rows, is left to the caller.
 */
export function streamStatement(
  { groupId, status, rank }: Stream,
  { createdAfter, createdBefore }: TaskFilter,
  { order }: TaskSort,
  after: Position | null,
): { readonly sql: string; readonly parameters: readonly number[] } {
  const conditions: string[] = [];
  const parameters: number[] = [];
  const add = (condition: string, ...values: readonly (number | null | undefined)[]): void => {
    const given = values.filter((value) => value !== null && value !== undefined);
    if (given.length === 0) return;
    conditions.push(condition);
    parameters.push(...given);
  };
  add('t.group_id = ?', groupId);
  add('t.status = ?', status);
  add('t.rank = ?', rank);
  // A place in the list is within its times. SQLite begins to read at one bound only, and it may be the wrong one of two.
  if (after === null || order === 'desc') add('t.created_at >= ?', createdAfter);
  if (after === null || order === 'asc') add('t.created_at < ?', createdBefore);
  if (after !== null) add(`(t.created_at, t.seq) ${order === 'asc' ? '>' : '<'} (?, ?)`, after[1], after[2]);
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const direction = order === 'asc' ? 'ASC' : 'DESC';
  return {
    sql: `SELECT ${LISTED_COLUMNS} FROM tasks t${where} ORDER BY t.created_at ${direction}, t.seq ${direction} LIMIT ?`,
    parameters,
  };
}
