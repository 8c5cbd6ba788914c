import type { EndpointDoc } from '../../shared/docs/endpoint';
import { TASK } from '../docs/endpoints';
import { answers, fails } from '../docs/envelope-docs';
import { ALWAYS_POSSIBLE, BAD_PATH, needsRole, OF_ONE_TASK, UNKNOWN_FIELD } from '../docs/failure-examples';
import { TASK_ID } from '../docs/task-examples';
import { TaskDependencies } from './dependency.views';

const DEPENDENCIES: TaskDependencies = {
  task_id: TASK_ID,
  status: 'waiting',
  on_dependency_failure: 'wait',
  pending: 1,
  depends_on: [
    { task_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7', status: 'completed', settled: true },
    { task_id: '16fd2706-8baf-433b-82eb-8c7fada847da', status: 'working', settled: false },
  ],
  dependents: [{ task_id: '6fa459ea-ee8a-4ca4-894e-db77e160355e', status: 'waiting', settled: false }],
  pagination: { limit: 100, has_more: false, next_cursor: null },
};

/** GET /api/v1/tasks/{task_id}/dependencies */
export const GET_DEPENDENCIES: EndpointDoc = {
  id: 'getTaskDependencies',
  tag: 'tasks',
  params: [TASK],
  summary: 'Read what a task waits for, and what waits for it',
  description: 'Both directions: all that the task depends on, and page by page the tasks that depend on it.',
  answers: () => [
    answers(200, TaskDependencies, { dependencies: DEPENDENCIES }),
    ...fails({
      ...ALWAYS_POSSIBLE,
      ...needsRole('reader'),
      ...OF_ONE_TASK,
      ...UNKNOWN_FIELD,
      ...BAD_PATH,
    }),
  ],
};
