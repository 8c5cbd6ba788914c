import type { Position, TaskFilter, TaskSort } from '@task/application';
import type { Picked } from '../picked';
import { orderOf, within, type Statement } from '../stream-statement';
import { TAGGED_COLUMNS } from '../tagged-statement';

const ALL = { groupId: null, status: null, rank: null };
const COLUMNS = 'seq, created_at, status, rank, group_id';

/** The next tasks with one of the tags, each once, in the order of their creation; their status is not told. */
export function nextTagged(
  { tags: { among } }: Picked,
  { filter, sort, after, most }: { filter: TaskFilter; sort: TaskSort; after: Position | null; most: number },
): Statement {
  const { conditions, parameters } = within(ALL, filter, sort, after, 't');
  const each = `(SELECT ${TAGGED_COLUMNS} FROM task_tags t WHERE ${['t.tag_id = ?', ...conditions].join(' AND ')}
    ORDER BY ${orderOf(sort, 't')} LIMIT ?)`;
  const [first, ...others] = among.map((id) => [id, ...parameters, most]);
  const rows =
    others.length === 0
      ? each
      : `(SELECT DISTINCT seq, created_at, rank, group_id FROM (${among.map(() => each).join(' UNION ALL ')}) every)`;
  return {
    sql: `SELECT w.seq, w.created_at, 0 AS status, w.rank, w.group_id FROM ${rows} w
      ORDER BY ${orderOf(sort, 'w')} LIMIT ?`,
    parameters: [...(first ?? []), ...others.flat(), most],
  };
}

/**
 * Looks at tasks one after the other: gives those that are wanted, but for the first ones; and last of all the last that
 * was looked at, with how many were and how many of them are wanted.
 */
export function lookedStatement(
  next: Statement,
  wanted: Statement,
  { sort, skipped, most }: { readonly sort: TaskSort; readonly skipped: number; readonly most: number },
): Statement {
  const backwards: TaskSort = { ...sort, order: sort.order === 'asc' ? 'desc' : 'asc' };
  return {
    sql: `WITH looked AS MATERIALIZED (SELECT ${COLUMNS}, (${wanted.sql}) AS is_wanted FROM (${next.sql}) t)
      SELECT * FROM (SELECT ${COLUMNS}, NULL::int AS looked, NULL::int AS matches FROM looked l WHERE is_wanted
        ORDER BY ${orderOf(sort, 'l')} LIMIT ? OFFSET ?) found
      UNION ALL
      SELECT * FROM (SELECT ${COLUMNS}, (SELECT count(*) FROM looked)::int AS looked,
        (SELECT count(*) FROM looked WHERE is_wanted)::int AS matches FROM looked l
        ORDER BY ${orderOf(backwards, 'l')} LIMIT 1) last`,
    parameters: [...wanted.parameters, ...next.parameters, most, skipped],
  };
}
