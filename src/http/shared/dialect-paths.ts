/**
 * Under which path the knowledge-base task manager is served beside everything else. On a port of its own, the same
 * paths come without it.
 */
export const TASK_MANAGER_PATH = '/task-manager';
