import type { EndpointDoc, ParamDoc } from '../../shared/docs/endpoint';
import {
  ALWAYS_POSSIBLE,
  missing,
  needsRole,
  notHeld,
  OF_ONE_TASK,
  REPEATABLE,
  TASK_ID,
  UNKNOWN_FIELD,
  WITH_A_BODY,
} from '../../shared/docs/failure-examples';
import type { Plain } from '../../shared/docs/shows';
import { answers, answersNothing, fails } from '../docs/answers';
import { TASK } from '../docs/task-docs';
import { CLAIMED, CLAIMED_BEHIND, COMPLETED, PROCESSING, QUEUED, RETRYING } from '../docs/task-examples';
import { ClaimedTask, TaskInfo } from '../views/task.views';
import { ClaimBody } from './claim.body';
import { CompleteBody, FailBody, ReleaseBody } from './finish.bodies';
import { HeartbeatBody } from './heartbeat.body';
import { ProgressBody } from './progress.body';
import { WorkerHeartbeat } from './worker.views';

const tag = 'workers';

const WORKER: ParamDoc = {
  name: 'worker_id',
  description: 'The name of the worker, 1–100 printable characters',
  schema: { type: 'string', minLength: 1, maxLength: 100, example: 'worker_001' },
};

const { worker_id, lease_token } = CLAIMED;
const PROOF = { worker_id, lease_token };
const HEARTBEAT_OF: Plain<WorkerHeartbeat> = {
  worker_id: 'worker_001',
  status: 'busy',
  tasks: [{ id: TASK_ID, attempt: 1, progress: 65, lease_expires_at: '2025-07-28T14:51:30.000Z' }],
};

const OF_WORKERS = { ...ALWAYS_POSSIBLE, ...WITH_A_BODY, ...REPEATABLE, ...needsRole('worker') };
const OF_A_HOLDER = { ...OF_WORKERS, ...OF_ONE_TASK };

/** POST /api/v1/workers/{worker_id}/claim */
export const CLAIM: EndpointDoc = {
  id: 'claimTask',
  tag,
  params: [WORKER],
  summary: 'Claim the next task',
  description:
    'Hands the most urgent due task to the worker, who holds it until its lease ends; 204 when there is none, if need ' +
    'be after a wait. A worker that asks counts as alive.',
  isRepeatable: true,
  request: {
    type: ClaimBody,
    required: false,
    example: { task_types: ['document_processing'], wait: 20, lease_seconds: 300 },
  },
  answers: () => [
    answers(200, ClaimedTask, { claimed: CLAIMED, claimed_behind_another: CLAIMED_BEHIND }),
    answersNothing('There is nothing to claim'),
    ...fails({ ...OF_WORKERS, ...UNKNOWN_FIELD }),
  ],
};

/** POST /api/v1/workers/{worker_id}/heartbeat */
export const HEARTBEAT: EndpointDoc = {
  id: 'heartbeatWorker',
  tag,
  params: [WORKER],
  summary: 'Tell that the worker lives',
  description:
    'Renews the leases of all tasks that the worker holds, and tells which they are. A task that is missing was ' +
    'cancelled, or taken from it.',
  isRepeatable: true,
  request: { type: HeartbeatBody, required: false, example: { lease_tokens: [lease_token] } },
  answers: () => [
    answers(200, WorkerHeartbeat, {
      busy: HEARTBEAT_OF,
      idle: { ...HEARTBEAT_OF, status: 'idle', tasks: [] },
    }),
    ...fails({ ...OF_WORKERS, ...UNKNOWN_FIELD }),
  ],
};

/** PUT /api/v1/tasks/{task_id}/progress */
export const PROGRESS: EndpointDoc = {
  id: 'reportProgress',
  tag,
  params: [TASK],
  summary: 'Tell how far the work is',
  description: 'Takes down the progress of a task that is processing, and renews its lease.',
  isRepeatable: true,
  request: {
    type: ProgressBody,
    required: true,
    example: { progress: 75, message: 'Processing embeddings...' },
  },
  answers: () => [
    answers(200, TaskInfo, { processing: PROCESSING }),
    ...fails({ ...OF_A_HOLDER, ...missing('progress'), ...notHeld('renew') }),
  ],
};

/** POST /api/v1/tasks/{task_id}/complete */
export const COMPLETE: EndpointDoc = {
  id: 'completeTask',
  tag,
  params: [TASK],
  summary: 'Complete a task',
  description: 'Ends a task well. The same completion by the same token again changes nothing.',
  isRepeatable: true,
  request: { type: CompleteBody, required: false, example: { result: { chunks: 12 }, ...PROOF } },
  answers: () => [
    answers(200, TaskInfo, { completed: COMPLETED }),
    ...fails({ ...OF_A_HOLDER, ...UNKNOWN_FIELD, ...notHeld('complete') }),
  ],
};

/** POST /api/v1/tasks/{task_id}/fail */
export const FAIL: EndpointDoc = {
  id: 'failTask',
  tag,
  params: [TASK],
  summary: 'Report a failed attempt',
  description: 'Ends an attempt badly: the task is failed, or queued again when it retries itself.',
  isRepeatable: true,
  request: {
    type: FailBody,
    required: true,
    example: { error_message: 'The file is not text', retryable: true },
  },
  answers: () => [
    answers(200, TaskInfo, { queued_again: RETRYING }),
    ...fails({ ...OF_A_HOLDER, ...missing('error_message'), ...notHeld('fail') }),
  ],
};

/** POST /api/v1/tasks/{task_id}/release */
export const RELEASE: EndpointDoc = {
  id: 'releaseTask',
  tag,
  params: [TASK],
  summary: 'Give a task back',
  description: 'Puts a task back into the queue, to be claimed at once; no retry is counted.',
  isRepeatable: true,
  request: {
    type: ReleaseBody,
    required: false,
    example: { reason: 'The worker is shutting down', ...PROOF },
  },
  answers: () => [
    answers(200, TaskInfo, { queued: QUEUED }),
    ...fails({ ...OF_A_HOLDER, ...UNKNOWN_FIELD, ...notHeld('release') }),
  ],
};
