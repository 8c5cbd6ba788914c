import type { TaskFilter, TaskPageRequest, TaskSort } from '@task/application';
import { rankOf, statusCode } from '../codes';
import { LISTED_COLUMNS } from '../list-plan';
import type { Statement } from '../stream-statement';
import type { Plan } from './sqlite-list-plans';

type Parameter = number | string;

/** Looks at all tasks with some tag, in place of all in the order of the list: the last parameter is the number of rows. */
export function taggedStatement(plan: Plan, { filter, sort, after }: TaskPageRequest): Statement {
  const { sql, parameters } = withTags(plan, filter);
  const lead = LEADS[sort.by];
  const direction = sort.order === 'asc' ? 'ASC' : 'DESC';
  const behind =
    after === null ? '' : ` AND (${lead}, t.created_at, t.seq) ${sort.order === 'asc' ? '>' : '<'} (?, ?, ?)`;
  return {
    sql: `SELECT ${LISTED_COLUMNS} ${sql}${behind}
      ORDER BY ${sort.by === 'created_at' ? '' : `${lead} ${direction}, `}t.created_at ${direction}, t.seq ${direction} LIMIT ?`,
    parameters: [...parameters, ...(after ?? [])],
  };
}

/** From where on, and under which conditions, tasks `t` with the tags are found through their tags. */
export function withTags({ tags, groups }: Plan, filter: TaskFilter): Statement {
  const conditions: string[] = [];
  const parameters: Parameter[] = [...tags.among];
  const add = (condition: string, ...values: readonly (Parameter | undefined)[]): void => {
    const given = values.filter((value) => value !== undefined);
    if (given.length < values.length) return;
    conditions.push(condition);
    parameters.push(...given);
  };
  const { status, priorities, createdAfter, createdBefore } = filter;
  add(tags.isOn?.sql ?? '1', ...(tags.isOn?.parameters ?? []));
  if (status !== undefined) add('t.status = ?', statusCode(status));
  if (priorities !== undefined) add('t.rank BETWEEN ? AND ?', rankOf(priorities.to), rankOf(priorities.from));
  add('t.created_at >= ?', createdAfter);
  add('t.created_at < ?', createdBefore);
  add(IN_GROUPS, groups === null ? undefined : JSON.stringify([...groups]));
  const places = tags.among.map(() => '?').join(', ');
  return {
    sql: `FROM (SELECT DISTINCT seq FROM task_tags WHERE tag_id IN (${places})) w CROSS JOIN tasks t ON t.seq = w.seq
      WHERE ${conditions.join(' AND ')}`,
    parameters,
  };
}

/** That a task `t` is in one of the groups, which are bound as a list in JSON. */
export const IN_GROUPS = 't.group_id IN (SELECT value FROM json_each(?))';

const LEADS: Readonly<Record<TaskSort['by'], string>> = {
  created_at: '0',
  priority: '-t.rank',
  status: 't.status',
};
