import type { Position, TaskFilter, TaskPageRequest, TaskSort } from '@task/application';
import { LISTED_COLUMNS } from './list-plan';
import { STATUS, isWantedOfTag, type Picked } from './picked';
import { orderOf, within, type Statement } from './stream-statement';

/** Of a tag with no more tasks than this, the status of each is looked up: that costs about as much as 10 000 looks along an index. */
export const RARE_TAG = 2_500;

/** What a tag tells of each of its tasks. */
export const TAGGED_COLUMNS = 't.seq, t.created_at, t.rank, t.group_id';
const ALL = { groupId: null, status: null, rank: null };
const NOT_NEEDED = '0';

/**
 * Reads the tasks with one tag in the order of their creation, from behind a place or from the start, and of each
 * whether it is one of the list. The last parameter is the number of rows.
 */
export function tagStreamStatement(
  tagId: number,
  plan: Picked,
  filter: TaskFilter,
  sort: TaskSort,
  after: Position | null,
): Statement {
  const { conditions, parameters } = within(ALL, filter, sort, after, 't');
  const wanted = isWantedOfTag(plan, filter);
  const own = ['t.tag_id = ?', ...conditions];
  const bound = [tagId, ...parameters];
  const select = `SELECT ${TAGGED_COLUMNS}, ${filter.status === undefined ? NOT_NEEDED : STATUS} AS status`;
  const end = `ORDER BY ${orderOf(sort, 't')} LIMIT ?`;
  // Of few tasks those that are wanted are picked at once; with many, whoever reads them has to be able to stop.
  if (plan.tags.tasks <= RARE_TAG)
    return {
      sql: `${select}, 1 AS tagged FROM task_tags t WHERE ${[...own, wanted.sql].join(' AND ')} ${end}`,
      parameters: [...bound, ...wanted.parameters],
    };
  return {
    sql: `${select}, ${wanted.sql} AS tagged FROM task_tags t WHERE ${own.join(' AND ')} ${end}`,
    parameters: [...wanted.parameters, ...bound],
  };
}

/** All tasks of the list, found through their tags, in an order that no tag has. The last parameter is the number of rows. */
export function taggedStatement(plan: Picked, { filter, sort, after }: TaskPageRequest): Statement {
  const lead = sort.by === 'priority' ? '-t.rank' : 't.status';
  const direction = sort.order === 'asc' ? 'ASC' : 'DESC';
  const behind =
    after === null ? '' : ` AND (${lead}, t.created_at, t.seq) ${sort.order === 'asc' ? '>' : '<'} (?, ?, ?)`;
  const found = taggedTasks(plan, filter);
  const wanted = isWantedOfTag(plan, filter);
  return {
    sql: `SELECT ${LISTED_COLUMNS} FROM (${found.sql}) w ${plan.words.thenTasks} ON t.seq = w.seq WHERE ${wanted.sql}${behind}
      ORDER BY ${lead} ${direction}, ${orderOf(sort, 't')} LIMIT ?`,
    parameters: [...found.parameters, ...wanted.parameters, ...(after ?? [])],
  };
}

/**
 * How many tasks with the tags were looked at, and how many of them are of the list. The last two parameters are how
 * many to look at, of each tag and at all.
 */
export function taggedCountStatement(plan: Picked, filter: TaskFilter, most: number): Statement {
  const wanted = isWantedOfTag(plan, filter);
  const found = taggedTasks(plan, filter, most);
  return {
    sql: `SELECT count(*) AS looked, count(*) FILTER (WHERE ${wanted.sql}) AS matches FROM (${found.sql} LIMIT ?) t`,
    parameters: [...wanted.parameters, ...found.parameters, most],
  };
}

/** The tasks that have one of the tags and were created in time, each once. @param most of each tag; absent for all */
function taggedTasks({ tags: { among } }: Picked, filter: TaskFilter, most?: number): Statement {
  const { conditions, parameters } = within(ALL, filter, IN_ORDER, null, 't');
  const limit = most === undefined ? '' : ' LIMIT ?';
  const each = `SELECT * FROM (SELECT ${TAGGED_COLUMNS} FROM task_tags t
    WHERE ${['t.tag_id = ?', ...conditions].join(' AND ')}${limit}) one`;
  const bound = among.flatMap((id) => [id, ...parameters, ...(most === undefined ? [] : [most])]);
  if (among.length === 1) return { sql: each, parameters: bound };
  return {
    sql: `SELECT DISTINCT seq, created_at, rank, group_id FROM (${among.map(() => each).join(' UNION ALL ')}) every`,
    parameters: bound,
  };
}

const IN_ORDER = { by: 'created_at', order: 'asc' } as const;
