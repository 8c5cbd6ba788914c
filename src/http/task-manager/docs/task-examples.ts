import { TASK_ID } from '../../shared/docs/failure-examples';
import type { Plain } from '../../shared/docs/shows';
import type { CanceledTask, ClaimedTask, TaskInfo, TaskList, TaskRow } from '../views/task.views';

const PAYLOAD = { file_path: '/tmp/uploads/document.txt', chunk_size: 1000, chunk_overlap: 200 };

/** A body that creates the task of all examples. */
export const CREATE_REQUEST = {
  task_type: 'document_processing',
  kb_id: 'kb_123456',
  priority: 'high',
  payload: PAYLOAD,
  max_retries: 3,
  timeout: 300,
};

/** It was created. */
export const QUEUED_ROW: Plain<TaskRow> = {
  id: TASK_ID,
  task_type: 'document_processing',
  status: 'queued',
  priority: 'high',
  kb_id: 'kb_123456',
  payload: PAYLOAD,
  progress: 0,
  progress_message: null,
  retry_count: 0,
  max_retries: 3,
  auto_retry: true,
  timeout: 300,
  error_message: '',
  worker_id: null,
  schedule_for: null,
  created_at: '2025-07-28T14:20:00.000Z',
  updated_at: '2025-07-28T14:20:00.000Z',
  started_at: null,
  completed_at: null,
  cancelled_at: null,
  last_retry_at: null,
  concurrency_key: null,
  on_dependency_failure: null,
};

/** It waits. */
export const QUEUED: Plain<TaskInfo> = {
  ...QUEUED_ROW,
  result: null,
  queue_position: 1,
  estimated_completion: '2025-07-28T14:25:00.000Z',
  depends_on: [],
  blocked_by: [],
};

const PROCESSING_ROW: Plain<TaskRow> = {
  ...QUEUED_ROW,
  status: 'processing',
  progress: 65,
  progress_message: 'Processing embeddings...',
  worker_id: 'worker_001',
  updated_at: '2025-07-28T14:20:05.000Z',
  started_at: '2025-07-28T14:20:05.000Z',
};

/** It is worked on. */
export const PROCESSING: Plain<TaskInfo> = {
  ...PROCESSING_ROW,
  result: null,
  queue_position: 0,
  estimated_completion: '2025-07-28T14:22:00.000Z',
  depends_on: [],
  blocked_by: null,
};

/** It was claimed. */
export const CLAIMED: Plain<ClaimedTask> = {
  ...PROCESSING_ROW,
  progress: 0,
  progress_message: null,
  attempt: 1,
  lease_token: '6f1d2c3b4a5968778695a4b3c2d1e0f0',
  lease_expires_at: '2025-07-28T14:50:05.000Z',
  dependencies: [],
};

/** It waits for another one. */
export const QUEUED_BEHIND: Plain<TaskInfo> = {
  ...QUEUED_ROW,
  on_dependency_failure: 'wait',
  result: null,
  queue_position: 0,
  depends_on: ['7c9e6679-7425-40de-944b-e07fc1f90ae7'],
  blocked_by: [{ kind: 'dependencies', pending: 1 }],
};

/** It was claimed behind that one, with what that one has brought. */
export const CLAIMED_BEHIND: Plain<ClaimedTask> = {
  ...CLAIMED,
  on_dependency_failure: 'wait',
  dependencies: [
    { task_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7', status: 'completed', result: { chunks: 12 } },
  ],
};

/** It was completed. */
export const COMPLETED: Plain<TaskInfo> = {
  ...PROCESSING_ROW,
  status: 'completed',
  progress: 100,
  completed_at: '2025-07-28T14:21:30.000Z',
  result: { chunks: 12 },
  queue_position: 0,
  depends_on: [],
  blocked_by: null,
};

/** It failed, and waits to be tried again. */
export const RETRYING: Plain<TaskInfo> = {
  ...QUEUED_ROW,
  error_message: 'The file is not text',
  retry_count: 1,
  last_retry_at: '2025-07-28T14:21:30.000Z',
  schedule_for: '2025-07-28T14:21:35.000Z',
  result: null,
  queue_position: 0,
  depends_on: [],
  blocked_by: [{ kind: 'not_due', available_at: '2025-07-28T14:21:35.000Z' }],
};

/** It was put back. */
export const RETRIED: Plain<TaskInfo> = {
  ...RETRYING,
  ...{ schedule_for: null, queue_position: 1, blocked_by: [] },
};

/** It was given up. */
export const CANCELED: CanceledTask = { message: 'Task canceled successfully', task_id: TASK_ID };

/** A page with it. */
export const PAGE: TaskList = {
  tasks: [QUEUED_ROW],
  pagination: { page: 1, page_size: 20, total: 156, total_pages: 8 },
};
