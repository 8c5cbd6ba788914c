import type { Dependency } from '@task/application';
import type { CutResult } from './cut-result.view';
import { valueOf } from './format';

/** What a dependency has brought, as every dialect hands it on with a claim; its status each words itself. */
export interface HandedOnPart {
  readonly task_id: string;
  readonly result: unknown;
  readonly cut?: CutResult;
}

/** The result of a dependency, or where it is when it does not fit. */
export function handedOnPart({ taskId, result, resultBytes }: Dependency): HandedOnPart {
  const isCut = result === null && resultBytes > 0;
  return {
    ...{ task_id: taskId, result: valueOf(result) },
    ...(isCut && { cut: { bytes: resultBytes, path: `/api/v1/tasks/${taskId}` } }),
  };
}
