import type { HttpSettings } from '../../service-core';
import { TASK_MANAGER_PATH } from '../dialect-paths';

const BATCHES = new RegExp(`^(?:${TASK_MANAGER_PATH})?/api/v1/tasks/(?:batch|complete)/?(?:\\?|$)`, 'i');

/** How long the body of a request may be, by its URL, which is spelled as freely as the router matches. */
export function bodyLimitOf(
  url: string,
  { maxBodyBytes, maxBatchBytes }: Pick<HttpSettings, 'maxBodyBytes' | 'maxBatchBytes'>,
): number {
  return BATCHES.test(url) ? maxBatchBytes : maxBodyBytes;
}
