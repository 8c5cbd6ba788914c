import type { TaskFilter } from '@task/application';
import { COUNT_AT_MOST } from './list-plan';
import type { Statement } from './stream-statement';

/** The tags that a list asks for. */
export interface TagFilter {
  /** Whether a task `t` has them, in SQL; null where none are asked for. */
  readonly isOn: Statement | null;
  /** The same of a task that has one of `among`. */
  readonly hasOthers: Statement;
  /** Tags of which every task that can match has one; empty where none can match. */
  readonly among: readonly number[];
  /** Tasks with one of those, at most; beyond 10 000 nobody knows. */
  readonly tasks: number;
}

/** A tag that a list names, and its tasks, counted no further than one beyond 10 000. */
export interface CountedTag {
  readonly id: number;
  readonly tasks: number;
}

const TRUE: Statement = { sql: '(1 = 1)', parameters: [] };
/** Where no tags are asked for. */
export const ANY_TASK: TagFilter = { isOn: null, hasOthers: TRUE, among: [], tasks: Infinity };
const NO_TASK: TagFilter = { ...ANY_TASK, isOn: { sql: '(1 = 0)', parameters: [] }, tasks: 0 };

/** Which tags a list means, of those that exist; each of them once, however often it is named. */
export function tagFilterOf(
  { names, mode }: NonNullable<TaskFilter['tags']>,
  existing: readonly CountedTag[],
): TagFilter {
  if (existing.length === 0 || (mode === 'all' && existing.length < new Set(names).size)) return NO_TASK;
  const known = existing.map(({ id, tasks }) => ({ id, tasks: tasks > COUNT_AT_MOST ? Infinity : tasks }));
  const ids = known.map(({ id }) => id);
  if (mode === 'any') {
    const tasks = known.reduce((sum, each) => sum + each.tasks, 0);
    return { isOn: hasTags(ids, ' OR '), hasOthers: TRUE, among: ids, tasks };
  }
  const [rarest, ...others] = known.sort((left, right) => left.tasks - right.tasks);
  const otherIds = others.map(({ id }) => id);
  return {
    isOn: hasTags(ids, ' AND '),
    hasOthers: hasTags(otherIds, ' AND '),
    among: rarest === undefined ? [] : [rarest.id],
    tasks: rarest?.tasks ?? 0,
  };
}

function hasTags(ids: readonly number[], conjunction: ' AND ' | ' OR '): Statement {
  return ids.length === 0 ? TRUE : { sql: `(${ids.map(() => HAS_TAG).join(conjunction)})`, parameters: ids };
}

/** One look at the key of a tag. Neither EXISTS nor IN: PostgreSQL may read all tasks of the tag for those. */
const HAS_TAG =
  '(SELECT 1 FROM task_tags x WHERE x.tag_id = ? AND x.created_at = t.created_at AND x.seq = t.seq) IS NOT NULL';
