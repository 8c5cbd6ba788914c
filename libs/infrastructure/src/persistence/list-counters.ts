import type { TaskFilter } from '@task/application';
import { countFilter, groupFilter } from './list-plan';
import type { ListWords } from './list-words';
import type { Counters } from './stream-statement';

/**
 * The counters `c` of what a filter lists. Directories first, then their groups, then the counters of those: in any
 * other order, every counter would be looked at.
 */
export function countersOf(filter: TaskFilter, words: ListWords): Counters {
  if (groupFilter(filter).where === '') return countersOfAll(filter);
  const { from, where, parameters } = groupsOf(filter, words);
  return {
    from: `${from} CROSS JOIN task_counts c`,
    where: `c.group_id = g.id AND ${where} AND ${countFilter(filter)}`,
    parameters,
  };
}

/** Counters of the same statuses and priorities, whatever their groups. */
export function countersOfAll(filter: TaskFilter): Counters {
  return { from: 'task_counts c', where: `c.group_id = 0 AND ${countFilter(filter)}`, parameters: [] };
}

/** The groups `g` that a filter wants. */
export function groupsOf(filter: TaskFilter, { contains }: ListWords): Counters {
  const { where, parameters } = groupFilter(filter);
  if (filter.directoryContains === undefined) return { from: 'task_groups g', where, parameters };
  return {
    from: 'directories d CROSS JOIN task_groups g',
    where: `${where.replace('CONTAINS(', `${contains}(`)} AND g.directory_id = d.id`,
    parameters,
  };
}
