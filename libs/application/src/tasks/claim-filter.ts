import { normalisePath } from '@task/domain';
import type { ClaimFilter } from '../ports/task-store';

/** Which tasks a worker wants; empty takes any. */
export interface ClaimWishes {
  /** An absolute path, in any spelling; absent takes any directory. */
  readonly workPath?: string | undefined;
  /** Whether directories below `workPath` count. */
  readonly recursive?: boolean | undefined;
  readonly taskTypes?: readonly string[] | undefined;
  readonly kbId?: string | undefined;
}

/** What a worker wants, as the store takes it. */
export function claimFilterOf({ workPath, recursive = false, taskTypes, kbId }: ClaimWishes): ClaimFilter {
  return {
    ...(workPath !== undefined && { directory: { path: normalisePath(workPath), recursive } }),
    ...(taskTypes !== undefined && { taskTypes }),
    ...(kbId !== undefined && { kbId }),
  };
}
