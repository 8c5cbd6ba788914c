import { prefixBelow } from '@task/domain';
import type { ReadyTasks } from '../ports/commit-feed';
import type { ClaimFilter } from '../ports/task-store';

/** Whether a claim's filter takes tasks of this kind. */
export function claimTakes(filter: ClaimFilter, { directory, taskType, kbId }: ReadyTasks): boolean {
  if (filter.kbId !== undefined && filter.kbId !== kbId) return false;
  if (filter.taskTypes !== undefined && !filter.taskTypes.includes(taskType)) return false;
  return filter.directory === undefined || isIn(filter.directory, directory);
}

/** Whether a normalised directory is the wanted one, or below it where that counts. */
export function isIn(
  wanted: { readonly path: string; readonly recursive: boolean },
  directory: string | null,
): boolean {
  if (directory === null) return false;
  return directory === wanted.path || (wanted.recursive && directory.startsWith(prefixBelow(wanted.path)));
}
