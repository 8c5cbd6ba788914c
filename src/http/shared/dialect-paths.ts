/**
 * Under which path the knowledge-base task manager is served beside everything else. On a port of its own, the same
 * paths come without it.
 */
export const TASK_MANAGER_PATH = '/task-manager';

/** The same path in any dialect. */
export const IN_ANY_DIALECT = `^(?:${TASK_MANAGER_PATH})?`;

const PROBES = new RegExp(`${IN_ANY_DIALECT}/health(?:[/?]|$)`, 'i');

/** Whether a URL, or the pattern of a route, is that of a health probe. Spelled as freely as the router matches. */
export function isHealthProbe(url: string): boolean {
  return PROBES.test(url);
}
