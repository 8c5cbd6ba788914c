import type { ClaimFilter } from '@task/application';
import { prefixBelow } from '@task/domain';
import type { StoredTask } from './stored-task';

/** The tasks that a claim may take, in the order in which it takes them: urgent first, then as they arrived. */
export function claimableBy(filter: ClaimFilter, tasks: readonly StoredTask[]): StoredTask[] {
  return tasks.filter((row) => row.task.state.gate === 'ready' && takes(filter, row)).sort(byUrgency);
}

/** Urgent first, then as they arrived. */
export function byUrgency(a: StoredTask, b: StoredTask): number {
  return b.task.state.priority - a.task.state.priority || a.seq - b.seq;
}

function takes({ directory, taskTypes, kbId }: ClaimFilter, row: StoredTask): boolean {
  const { state } = row.task;
  if (directory !== undefined && !isAt(directory, row.directory)) return false;
  if (taskTypes !== undefined && !taskTypes.includes(state.taskType)) return false;
  return kbId === undefined || kbId === state.kbId;
}

function isAt({ path, recursive }: NonNullable<ClaimFilter['directory']>, directory: string | null): boolean {
  if (directory === null) return false;
  return directory === path || (recursive && directory.startsWith(prefixBelow(path)));
}
