import type { TaskFilter } from '@task/application';
import { rankOf, statusCode } from './codes';
import type { ListWords } from './list-words';
import type { Statement } from './stream-statement';
import type { TagFilter } from './tag-filter';

/**
 * How a list is read.
 * - streams: as they are.
 * - heads: those of very many streams that a page can need.
 * - all: the streams of all groups, out of which the tasks of some are picked.
 */
export type Reading = 'streams' | 'heads' | 'all';

/** What is picked out of the tasks that are looked at for a list. */
export interface Picked {
  readonly tags: TagFilter;
  readonly reading: Reading;
  /** Groups that are wanted; null for all. */
  readonly groups: Iterable<number> | null;
  readonly words: ListWords;
}

/** Whether a task `t` that has one of the tags, and was created in time, is one of the list. */
export function isWantedOfTag(
  { tags: { hasOthers }, groups, words }: Picked,
  { status, priorities }: TaskFilter,
): Statement {
  return allOf([
    hasOthers,
    ...(priorities === undefined
      ? []
      : [plain(`t.rank BETWEEN ${rankOf(priorities.to)} AND ${rankOf(priorities.from)}`)]),
    ...(groups === null ? [] : [isIn(groups, words)]),
    // Last of all: it is looked up.
    ...(status === undefined ? [] : [plain(`${STATUS} = ${statusCode(status)}`)]),
  ]);
}

/** Whether a task `t` of the streams that are read is one of the list. */
export function isWantedOfStreams({ tags: { isOn }, groups, reading, words }: Picked): Statement {
  return allOf([
    ...(groups === null || reading === 'streams' ? [] : [isIn(groups, words)]),
    ...(isOn === null ? [] : [isOn]),
  ]);
}

/** The status of a task `t` of a tag. */
export const STATUS = '(SELECT s.status FROM tasks s WHERE s.seq = t.seq)';

function isIn(groups: Iterable<number>, { inGroups }: ListWords): Statement {
  return { sql: inGroups, parameters: [JSON.stringify([...groups])] };
}

function allOf(conditions: readonly Statement[]): Statement {
  if (conditions.length === 0) return plain('(1 = 1)');
  return {
    sql: conditions.map(({ sql }) => sql).join(' AND '),
    parameters: conditions.flatMap(({ parameters }) => parameters),
  };
}

function plain(sql: string): Statement {
  return { sql, parameters: [] };
}
