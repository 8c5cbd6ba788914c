import type { EndpointDoc } from '../../shared/docs/endpoint';
import { Refusal } from '../../shared/failures/refusal';
import { answers, fails } from '../docs/envelope-docs';
import { ALWAYS_POSSIBLE, BAD_PATH, needsRole, UNKNOWN_FIELD } from '../docs/failure-examples';
import { TASK_ID } from '../docs/task-examples';
import { WorkerList, WorkerView } from './worker.views';

const tag = 'workers';

const WORKER: WorkerView = {
  worker_id: 'worker-1',
  status: 'busy',
  first_seen: '2025-08-18T09:00:00.000Z',
  last_seen: '2025-08-18T10:05:00.000Z',
  claimed: 8,
  completed: 6,
  failed: 1,
  lost: 0,
  avg_processing_seconds: 512.25,
  holds: [
    {
      task_id: TASK_ID,
      attempt: 1,
      since: '2025-08-18T10:05:00.000Z',
      lease_expires_at: '2025-08-18T10:35:00.000Z',
      progress: 40,
    },
  ],
};

/** GET /api/v1/workers */
export const LIST_WORKERS: EndpointDoc = {
  id: 'listWorkers',
  tag,
  summary: 'List workers',
  description:
    'Every worker that has asked for work under a name, last seen first, with what it holds. Whoever asks lives, ' +
    'whether it is given some or not.',
  answers: () => [
    answers(200, WorkerList, {
      page: { workers: [WORKER], pagination: { total: 1, limit: 100, offset: 0, has_more: false } },
    }),
    ...fails({ ...ALWAYS_POSSIBLE, ...needsRole('reader'), ...UNKNOWN_FIELD }),
  ],
};

/** GET /api/v1/workers/{worker_id} */
export const GET_WORKER: EndpointDoc = {
  id: 'getWorker',
  tag,
  params: [
    {
      name: 'worker_id',
      description: 'The name that it gave with its claims',
      schema: { type: 'string', example: WORKER.worker_id },
    },
  ],
  summary: 'Read a worker',
  description: 'What is known of a worker, and what it holds.',
  answers: () => [
    answers(200, WorkerView, { worker: WORKER }),
    ...fails({
      ...ALWAYS_POSSIBLE,
      ...needsRole('reader'),
      ...BAD_PATH,
      no_such_worker: new Refusal('worker_not_found', { worker_id: WORKER.worker_id }),
    }),
  ],
};
