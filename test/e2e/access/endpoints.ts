import type { Role } from '@task/domain';
import { uuid } from '../../support/counted-ids';

/** An endpoint, and who may use it. */
export interface Endpoint {
  /** Method and pattern, as the application's own table of routes has them. */
  readonly route: string;
  /** The role that it needs; `nobody` lets everybody in. */
  readonly needs: Role | 'nobody';
  /** What is sent to be let through and then refused for another reason, or to do no harm. */
  readonly query?: string;
  readonly body?: object;
}

/** What the endpoints of one dialect need. A new endpoint gets its row here, or the test of all of them fails. */
const ORCHESTRATOR: readonly Endpoint[] = [
  { route: 'POST /api/v1/tasks', needs: 'producer' },
  { route: 'GET /api/v1/tasks', needs: 'reader' },
  { route: 'GET /api/v1/tasks/next', needs: 'worker', query: '?work_path=/srv' },
  { route: 'GET /api/v1/tasks/:task_id', needs: 'reader' },
  { route: 'GET /api/v1/tasks/:task_id/history', needs: 'reader' },
  { route: 'GET /api/v1/tasks/:task_id/events', needs: 'reader' },
  { route: 'GET /api/v1/tasks/:task_id/dependencies', needs: 'reader' },
  { route: 'POST /api/v1/tasks/:task_id/complete', needs: 'worker' },
  { route: 'POST /api/v1/tasks/:task_id/fail', needs: 'worker' },
  { route: 'POST /api/v1/tasks/:task_id/heartbeat', needs: 'worker' },
  { route: 'POST /api/v1/tasks/:task_id/progress', needs: 'worker' },
  { route: 'POST /api/v1/tasks/:task_id/release', needs: 'worker' },
  { route: 'POST /api/v1/tasks/:task_id/retry', needs: 'producer' },
  { route: 'POST /api/v1/tasks/:task_id/cancel', needs: 'producer' },
  { route: 'POST /api/v1/tasks/batch', needs: 'producer' },
  { route: 'POST /api/v1/tasks/claim', needs: 'worker' },
  { route: 'POST /api/v1/tasks/complete', needs: 'worker' },
  { route: 'POST /api/v1/tasks/bulk-cancel', needs: 'producer' },
  { route: 'POST /api/v1/tasks/bulk-retry', needs: 'producer' },
  { route: 'GET /api/v1/concurrency-keys', needs: 'reader' },
  { route: 'GET /api/v1/concurrency-keys/:key', needs: 'reader' },
  { route: 'PUT /api/v1/concurrency-keys/:key', needs: 'admin' },
  { route: 'GET /api/v1/workers', needs: 'reader' },
  { route: 'GET /api/v1/workers/:worker_id', needs: 'reader' },
  { route: 'POST /api/v1/schedules', needs: 'producer' },
  { route: 'GET /api/v1/schedules', needs: 'reader' },
  { route: 'GET /api/v1/schedules/:schedule_id', needs: 'reader' },
  { route: 'PATCH /api/v1/schedules/:schedule_id', needs: 'producer' },
  { route: 'DELETE /api/v1/schedules/:schedule_id', needs: 'producer' },
  { route: 'POST /api/v1/schedules/:schedule_id/run', needs: 'producer' },
  { route: 'GET /api/v1/events', needs: 'reader', query: '?after=never' },
  { route: 'GET /api/v1/statistics', needs: 'reader' },
  { route: 'GET /api/v1/config', needs: 'admin' },
  { route: 'PUT /api/v1/config', needs: 'admin' },
  { route: 'POST /api/v1/keys', needs: 'admin' },
  { route: 'GET /api/v1/keys', needs: 'admin' },
  { route: 'DELETE /api/v1/keys/:key_id', needs: 'admin' },
  { route: 'GET /api/v1/audit', needs: 'admin' },
];

/** The task manager's, its documentation included. */
export const TASK_MANAGER: readonly Endpoint[] = [
  { route: 'POST /task-manager/api/v1/tasks', needs: 'producer' },
  { route: 'GET /task-manager/api/v1/tasks', needs: 'reader' },
  { route: 'POST /task-manager/api/v1/tasks/batch', needs: 'producer' },
  { route: 'GET /task-manager/api/v1/tasks/:task_id', needs: 'reader' },
  { route: 'DELETE /task-manager/api/v1/tasks/:task_id', needs: 'producer' },
  { route: 'POST /task-manager/api/v1/tasks/:task_id/retry', needs: 'producer' },
  { route: 'PUT /task-manager/api/v1/tasks/:task_id/progress', needs: 'worker' },
  { route: 'POST /task-manager/api/v1/tasks/:task_id/complete', needs: 'worker' },
  { route: 'POST /task-manager/api/v1/tasks/:task_id/fail', needs: 'worker' },
  { route: 'POST /task-manager/api/v1/tasks/:task_id/release', needs: 'worker' },
  { route: 'POST /task-manager/api/v1/workers/:worker_id/claim', needs: 'worker' },
  { route: 'POST /task-manager/api/v1/workers/:worker_id/heartbeat', needs: 'worker' },
  { route: 'GET /task-manager/api/v1/stats/tasks', needs: 'reader' },
  { route: 'GET /task-manager/api/v1/stats/system', needs: 'reader' },
  { route: 'GET /task-manager/api/v1/queues/info', needs: 'reader' },
  { route: 'GET /task-manager/metrics', needs: 'reader' },
  { route: 'GET /task-manager/health', needs: 'nobody' },
  { route: 'GET /task-manager/docs', needs: 'nobody' },
  { route: 'GET /task-manager/docs/*path', needs: 'nobody' },
  { route: 'GET /task-manager/openapi.json', needs: 'nobody' },
];

/** Those of tasks that the service itself runs. */
const AGENT_TASKS: readonly Endpoint[] = [
  { route: 'POST /tasks', needs: 'producer' },
  { route: 'GET /tasks/:task_id', needs: 'reader' },
  { route: 'DELETE /tasks/:task_id', needs: 'producer' },
];

/** What belongs to no dialect. */
const SYSTEM: readonly Endpoint[] = [
  { route: 'POST /mcp', needs: 'reader' },
  { route: 'GET /metrics', needs: 'reader' },
  { route: 'GET /health', needs: 'nobody' },
  { route: 'GET /health/live', needs: 'nobody' },
  { route: 'GET /health/ready', needs: 'nobody' },
  { route: 'GET /docs', needs: 'nobody' },
  { route: 'GET /docs/*path', needs: 'nobody' },
  { route: 'GET /openapi.json', needs: 'nobody' },
];

/** Every endpoint of the service. */
export const ENDPOINTS: readonly Endpoint[] = [...ORCHESTRATOR, ...TASK_MANAGER, ...AGENT_TASKS, ...SYSTEM];

/** The method of an endpoint. */
export function methodOf({ route }: Endpoint): string {
  return route.split(' ')[0] ?? '';
}

/** A path that leads to the endpoint, with its query. */
export function pathOf({ route, query = '' }: Endpoint): string {
  const pattern = route.split(' ')[1] ?? '';
  return pattern.replaceAll(/:\w+/g, uuid(1)).replace('*path', 'swagger-ui.css') + query;
}
