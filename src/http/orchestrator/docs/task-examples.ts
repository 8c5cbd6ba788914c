import { TASK_ID } from '../../shared/docs/failure-examples';
import type { Plain } from '../../shared/docs/shows';
import type { TaskHistory } from '../views/history.view';
import type {
  CancelledTask,
  ClaimedTask,
  CompletedTask,
  CreatedTask,
  FailedTask,
  RetriedTask,
} from '../views/outcome.views';
import type { TaskList } from '../views/task-list.view';
import type { TaskView } from '../views/task.view';

export { TASK_ID };

const PROMPT = 'Find the performance problems of this code base and propose improvements';
const RESULT = {
  status: 'success',
  output: 'Found 3 performance problems',
  recommendations: ['cache the index'],
};

/** A body that creates it. */
export const CREATE_REQUEST = {
  work_directory: '/home/user/project',
  prompt: PROMPT,
  priority: 'high',
  tags: ['performance', 'analysis'],
};

/** A body that completes it. */
export const COMPLETE_REQUEST = { original_prompt: PROMPT, result: RESULT, worker_id: 'worker-1' };

/** A body that fails it. */
export const FAIL_REQUEST = { error_message: 'The repository could not be cloned', retryable: true };

/** A body that cancels it. */
export const CANCEL_REQUEST = { reason: 'Cancelled by its user' };

/** It was created. */
export const CREATED: CreatedTask = {
  task_id: TASK_ID,
  status: 'waiting',
  priority: 'high',
  work_directory: '/home/user/project',
  tags: ['performance', 'analysis'],
  created_at: '2025-08-18T10:00:00.000Z',
};

/** It was claimed. */
export const CLAIMED: Plain<ClaimedTask> = {
  task_id: TASK_ID,
  prompt: PROMPT,
  work_directory: '/home/user/project',
  priority: 'high',
  tags: ['performance', 'analysis'],
  task_type: 'agent_prompt',
  payload: null,
  attempt: 1,
  lease_token: '6f1d2c3b4a5968778695a4b3c2d1e0f0',
  lease_expires_at: '2025-08-18T10:35:00.000Z',
  worker_id: 'worker-1',
  timeout_seconds: null,
  metadata: { created_by: 'admin', updated_by: 'worker-1' },
  retry_count: 0,
  concurrency_key: null,
  dependencies: [],
};

/** It was claimed behind others: one result comes with it, one is too large to. */
export const CLAIMED_BEHIND: ClaimedTask = {
  ...CLAIMED,
  concurrency_key: 'repo:docs',
  dependencies: [
    {
      task_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
      status: 'completed',
      result: { files: 12 },
    },
    {
      task_id: '16fd2706-8baf-433b-82eb-8c7fada847da',
      status: 'completed',
      result: null,
      cut: { bytes: 734_003, path: '/api/v1/tasks/16fd2706-8baf-433b-82eb-8c7fada847da' },
    },
  ],
};

/** It was completed. */
export const COMPLETED: CompletedTask = {
  task_id: TASK_ID,
  status: 'completed',
  completed_at: '2025-08-18T10:30:00.000Z',
  worker_id: 'worker-1',
};

/** It failed. */
export const FAILED: FailedTask = {
  task_id: TASK_ID,
  status: 'failed',
  completed_at: '2025-08-18T10:30:00.000Z',
  worker_id: 'worker-1',
  error_message: FAIL_REQUEST.error_message,
  retry_count: 0,
  max_retries: 3,
  schedule_for: null,
};

/** It was cancelled. */
export const CANCELLED: CancelledTask = {
  task_id: TASK_ID,
  status: 'cancelled',
  cancelled_at: '2025-08-18T10:15:00.000Z',
  reason: CANCEL_REQUEST.reason,
};

/** It was put back. */
export const RETRIED: RetriedTask = {
  task_id: TASK_ID,
  status: 'waiting',
  retry_count: 1,
  max_retries: 3,
  last_retry_at: '2025-08-18T10:15:00.000Z',
};

const ROW = {
  task_id: TASK_ID,
  task_type: 'agent_prompt',
  work_directory: '/home/user/project',
  prompt: PROMPT,
  priority: 'high',
  tags: ['performance', 'analysis'],
  status: 'completed',
  worker_id: 'worker-1',
  attempt: 1,
  progress: 100,
  retry_count: 0,
  max_retries: 3,
  auto_retry: false,
  created_at: '2025-08-18T10:00:00.000Z',
  updated_at: '2025-08-18T10:30:00.000Z',
  started_at: '2025-08-18T10:05:00.000Z',
  completed_at: '2025-08-18T10:30:00.000Z',
  metadata: { created_by: 'admin', updated_by: 'worker-1' },
  version: 3,
} as const satisfies Partial<TaskView>;

/** All of it. */
export const WHOLE: TaskView = {
  ...ROW,
  kb_id: null,
  progress_message: null,
  error_message: null,
  last_retry_at: null,
  schedule_for: null,
  timeout_seconds: null,
  lease_expires_at: null,
  cancelled_at: null,
  cancel_reason: null,
  payload: null,
  result: RESULT,
  concurrency_key: null,
  on_dependency_failure: null,
  depends_on: [],
  blocked_by: null,
  place_in_line: null,
};

/** A page with it. */
export const PAGE: TaskList = {
  tasks: [ROW],
  pagination: { total: 1, limit: 100, offset: 0, has_more: false, next_cursor: null },
};

/** What happened to it. */
export const HISTORY: TaskHistory = {
  task_id: TASK_ID,
  history: [
    {
      event_id: 41,
      task_id: TASK_ID,
      version: 1,
      type: 'task.created',
      from: null,
      to: 'waiting',
      worker_id: null,
      attempt: 0,
      at: '2025-08-18T10:00:00.000Z',
      details: null,
    },
  ],
};
