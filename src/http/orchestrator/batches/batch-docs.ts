import { InvalidTask, type Violation } from '@task/domain';
import type { EndpointDoc } from '../../shared/docs/endpoint';
import type { Failure } from '../../shared/failures/failure';
import { Refusal } from '../../shared/failures/refusal';
import { answers, fails } from '../docs/envelope-docs';
import {
  ALWAYS_POSSIBLE,
  needsRole,
  NOT_TAKEN,
  REPEATABLE,
  UNKNOWN_FIELD,
  WITH_A_BODY,
  WITH_A_LARGE_BODY,
} from '../docs/failure-examples';
import { CLAIMED, CREATE_REQUEST, CREATED, TASK_ID } from '../docs/task-examples';
import { ClaimedTasks, CreatedTasks, FinishedTasks } from './batch.views';
import { ClaimTasksBody } from './claim-tasks.body';
import { CreateTasksBody } from './create-tasks.body';
import { FinishTasksBody } from './finish-tasks.body';

const tag = 'batches';

const { lease_token, worker_id } = CLAIMED;

const RESULTS: FinishedTasks = {
  results: [
    { task_id: TASK_ID, ok: true, status: 'completed' },
    {
      task_id: '7c9e6679-7425-40de-944b-e07fc1f90ae7',
      ok: false,
      error: {
        code: 'CONFLICT',
        message: 'The task is not held by this caller (any more)',
        details: { code: 'LEASE_LOST', status: 'working' },
      },
    },
  ],
};

const BAD_ITEMS: Readonly<Record<string, Failure>> = {
  bad_items: Refusal.ofFields([
    { field: 'tasks[3].prompt', reason: 'required', constraints: {} },
    {
      field: 'tasks[17].priority',
      reason: 'not_one_of',
      constraints: { allowed: ['low', 'medium', 'high'] },
    },
  ]),
  wait_for_each_other: itemFault(1, { field: 'dependsOn', reason: 'cyclic', constraints: {} }),
};

function itemFault(index: number, violation: Violation): Failure {
  const refusal = new InvalidTask([violation]);
  refusal.index = index;
  return refusal;
}

const DIAMOND = ['first', 'left', 'right', 'last'].map((ref) => ({
  ...CREATE_REQUEST,
  ref,
  ...(ref === 'last' && { depends_on: ['@left', '@right'] }),
  ...((ref === 'left' || ref === 'right') && { depends_on: ['@first'] }),
}));

/** POST /api/v1/tasks/batch */
export const CREATE_MANY: EndpointDoc = {
  id: 'createTasks',
  tag,
  summary: 'Create many tasks',
  description:
    'Files up to 1 000 new tasks, all or none. What is wrong with any of them is told with its place in the list. Tasks ' +
    'that depend on others of the same batch call them by their `ref`; the ids come back in the order of the request.',
  isRepeatable: true,
  request: { type: CreateTasksBody, required: true, example: { tasks: DIAMOND } },
  answers: () => [
    answers(201, CreatedTasks, { created: { tasks: [CREATED], count: 1 } }),
    ...fails({
      ...ALWAYS_POSSIBLE,
      ...WITH_A_LARGE_BODY,
      ...needsRole('producer'),
      ...REPEATABLE,
      ...BAD_ITEMS,
      ...NOT_TAKEN,
    }),
  ],
};

/** POST /api/v1/tasks/claim */
export const CLAIM_MANY: EndpointDoc = {
  id: 'claimTasks',
  tag,
  summary: 'Claim tasks',
  description:
    'Hands the most urgent due tasks to the caller, each under a lease of its own, up to its limit; none when there ' +
    'are none, if need be after a wait for the first.',
  isRepeatable: true,
  request: {
    type: ClaimTasksBody,
    required: false,
    example: { task_types: ['agent_prompt'], worker_id, limit: 10, wait: 20 },
  },
  answers: () => [
    answers(200, ClaimedTasks, { claimed: { tasks: [CLAIMED] }, nothing: { tasks: [] } }),
    ...fails({ ...ALWAYS_POSSIBLE, ...WITH_A_BODY, ...needsRole('worker'), ...REPEATABLE, ...UNKNOWN_FIELD }),
  ],
};

/** POST /api/v1/tasks/complete */
export const COMPLETE_MANY: EndpointDoc = {
  id: 'completeTasks',
  tag,
  summary: 'Complete many tasks',
  description: 'Ends up to 100 attempts, each for itself: one that is refused takes no other with it.',
  isRepeatable: true,
  request: {
    type: FinishTasksBody,
    required: true,
    example: { completions: [{ task_id: TASK_ID, lease_token, result: { status: 'success' } }] },
  },
  answers: () => [
    answers(200, FinishedTasks, { results: RESULTS }),
    ...fails({
      ...ALWAYS_POSSIBLE,
      ...WITH_A_LARGE_BODY,
      ...needsRole('worker'),
      ...REPEATABLE,
      ...UNKNOWN_FIELD,
    }),
  ],
};
