import type { ClaimFilter } from '@task/application';
import { prefixBelow } from '@task/domain';

/** Groups whose heads a claim merges at most; beyond, it reads the index of all ready tasks. */
export const MAX_MERGED_GROUPS = 1_000;

/** The condition under which a group (`g`, with its directory `d`) matches a claim's filter; '' when any does. */
export function groupConditions({ directory, taskTypes, kbId }: ClaimFilter): {
  readonly where: string;
  readonly parameters: readonly string[];
} {
  const conditions: string[] = [];
  const parameters: string[] = [];
  if (directory !== undefined) {
    conditions.push(directory.recursive ? '(d.path = ? OR (d.path >= ? AND d.path < ?))' : 'd.path = ?');
    parameters.push(directory.path, ...(directory.recursive ? rangeBelow(directory.path) : []));
  }
  if (taskTypes !== undefined) {
    conditions.push(`g.task_type IN (${taskTypes.map(() => '?').join(', ')})`);
    parameters.push(...taskTypes);
  }
  if (kbId !== undefined) {
    conditions.push('g.kb_id = ?');
    parameters.push(kbId);
  }
  return { where: conditions.join(' AND '), parameters };
}

/** Finds a group with a ready task that matches a claim's filter. */
export function readyGroup(filter: ClaimFilter): {
  readonly sql: string;
  readonly parameters: readonly string[];
} {
  const { where, parameters } = groupConditions(filter);
  const sql = `SELECT g.id FROM task_groups g LEFT JOIN directories d ON d.id = g.directory_id
    WHERE g.ready > 0${where === '' ? '' : ` AND ${where}`} LIMIT 1`;
  return { sql, parameters };
}

/** From the first path below a directory to the first behind all of them, in the order of bytes. */
function rangeBelow(directory: string): readonly [string, string] {
  const prefix = prefixBelow(directory);
  const last = prefix.charCodeAt(prefix.length - 1);
  return [prefix, prefix.slice(0, -1) + String.fromCharCode(last + 1)];
}
