import type { EndpointDoc } from '../../shared/docs/endpoint';
import { TASK } from '../docs/endpoints';
import { answers, fails } from '../docs/envelope-docs';
import {
  ALWAYS_POSSIBLE,
  missing,
  needsRole,
  notHeld,
  OF_ONE_TASK,
  REPEATABLE,
  UNKNOWN_FIELD,
  WITH_A_BODY,
} from '../docs/failure-examples';
import { CLAIMED, TASK_ID } from '../docs/task-examples';
import { ProofBody } from '../dto/proof.body';
import { LeaseView } from './lease.view';
import { ProgressBody } from './progress.body';
import { ReleaseTaskBody } from './release-task.body';

const tag = 'tasks';

const { worker_id, lease_token } = CLAIMED;
const PROOF = { worker_id, lease_token };

const HELD = {
  task_id: TASK_ID,
  status: 'working',
  lease_expires_at: '2025-08-18T10:45:00.000Z',
  progress: 40,
  attempt: 1,
} as const satisfies LeaseView;
const RELEASED: LeaseView = { ...HELD, status: 'waiting', lease_expires_at: null, progress: 0 };

const OF_A_HOLDER = {
  ...ALWAYS_POSSIBLE,
  ...WITH_A_BODY,
  ...needsRole('worker'),
  ...OF_ONE_TASK,
  ...REPEATABLE,
};

/** POST /api/v1/tasks/{task_id}/heartbeat */
export const HEARTBEAT: EndpointDoc = {
  id: 'heartbeatTask',
  tag,
  params: [TASK],
  summary: 'Tell that the worker lives',
  description: 'Renews the lease by its length. 409 CANCELLED tells a worker that its task was given up.',
  isRepeatable: true,
  request: { type: ProofBody, required: false, example: PROOF },
  answers: () => [
    answers(200, LeaseView, { held: HELD }),
    ...fails({ ...OF_A_HOLDER, ...UNKNOWN_FIELD, ...notHeld('renew') }),
  ],
};

/** POST /api/v1/tasks/{task_id}/progress */
export const PROGRESS: EndpointDoc = {
  id: 'reportProgress',
  tag,
  params: [TASK],
  summary: 'Tell how far the work is',
  description: 'Takes down the progress, and renews the lease by its length.',
  isRepeatable: true,
  request: {
    type: ProgressBody,
    required: true,
    example: { progress: 40, message: 'Read 12 of 30 files', ...PROOF },
  },
  answers: () => [
    answers(200, LeaseView, { held: HELD }),
    ...fails({ ...OF_A_HOLDER, ...missing('progress'), ...notHeld('renew') }),
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
    type: ReleaseTaskBody,
    required: false,
    example: { reason: 'The worker is shutting down', ...PROOF },
  },
  answers: () => [
    answers(200, LeaseView, { released: RELEASED }),
    ...fails({ ...OF_A_HOLDER, ...UNKNOWN_FIELD, ...notHeld('release') }),
  ],
};
