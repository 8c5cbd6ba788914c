import type { EndpointDoc, ParamDoc } from '../../shared/docs/endpoint';
import { CancelTaskBody } from '../dto/cancel-task.body';
import { CompleteTaskBody } from '../dto/complete-task.body';
import { CreateTaskBody } from '../dto/create-task.body';
import { FailTaskBody } from '../dto/fail-task.body';
import { RetryTaskBody } from '../dto/retry-task.body';
import { TaskHistory } from '../views/history.view';
import {
  CancelledTask,
  ClaimedTask,
  CompletedTask,
  CreatedTask,
  FailedTask,
  RetriedTask,
} from '../views/outcome.views';
import { TaskList } from '../views/task-list.view';
import { TaskView } from '../views/task.view';
import { answers, fails } from './envelope-docs';
import {
  ALWAYS_POSSIBLE,
  BAD_CREATE,
  BAD_PATH,
  missing,
  needsRole,
  NO_MEMORY,
  NOT_CANCELLED,
  NOT_RETRIED,
  NOT_TAKEN,
  notHeld,
  OF_ONE_TASK,
  OTHER_PROMPT,
  REPEATABLE,
  UNKNOWN_FIELD,
  WITH_A_BODY,
} from './failure-examples';
import * as examples from './task-examples';

const tag = 'tasks';

/** The id of a task in a path. */
export const TASK: ParamDoc = {
  name: 'task_id',
  description: 'The id of a task',
  schema: { type: 'string', format: 'uuid', example: examples.TASK_ID },
};

/** POST /api/v1/tasks */
export const CREATE: EndpointDoc = {
  id: 'createTask',
  tag,
  summary: 'Create a task',
  description: 'Files a new task. It waits until a worker claims it.',
  isRepeatable: true,
  request: { type: CreateTaskBody, required: true, example: examples.CREATE_REQUEST },
  answers: () => [
    answers(201, CreatedTask, { created: examples.CREATED }),
    ...fails({
      ...ALWAYS_POSSIBLE,
      ...WITH_A_BODY,
      ...REPEATABLE,
      ...needsRole('producer'),
      ...BAD_CREATE,
      ...NOT_TAKEN,
    }),
  ],
};

/** GET /api/v1/tasks */
export const LIST: EndpointDoc = {
  id: 'listTasks',
  tag,
  summary: 'List tasks',
  description:
    'Tasks that meet every filter, page by page: without `payload` and `result`, and without the fields that are null.',
  answers: () => [
    answers(200, TaskList, { page: examples.PAGE }),
    ...fails({ ...ALWAYS_POSSIBLE, ...needsRole('reader'), ...UNKNOWN_FIELD, ...NO_MEMORY }),
  ],
};

/** GET /api/v1/tasks/{task_id} */
export const GET: EndpointDoc = {
  id: 'getTask',
  tag,
  params: [TASK],
  summary: 'Read a task',
  description: 'Everything that is known of a task; what it does not have is null.',
  answers: () => [
    answers(200, TaskView, { task: examples.WHOLE }),
    ...fails({ ...ALWAYS_POSSIBLE, ...needsRole('reader'), ...OF_ONE_TASK, ...BAD_PATH }),
  ],
};

/** GET /api/v1/tasks/{task_id}/history */
export const GET_HISTORY: EndpointDoc = {
  id: 'getTaskHistory',
  tag,
  params: [TASK],
  summary: 'Read what happened to a task',
  description: 'Every transition of a task, its creation included, oldest first.',
  answers: () => [
    answers(200, TaskHistory, { history: examples.HISTORY }),
    ...fails({ ...ALWAYS_POSSIBLE, ...needsRole('reader'), ...OF_ONE_TASK, ...BAD_PATH }),
  ],
};

/** POST /api/v1/tasks/{task_id}/cancel */
export const CANCEL: EndpointDoc = {
  id: 'cancelTask',
  tag,
  params: [TASK],
  summary: 'Give a task up',
  description: 'Cancels a waiting task; with `force`, a working or failed one too.',
  isRepeatable: true,
  request: { type: CancelTaskBody, required: false, example: examples.CANCEL_REQUEST },
  answers: () => [
    answers(200, CancelledTask, { cancelled: examples.CANCELLED }),
    ...fails({
      ...ALWAYS_POSSIBLE,
      ...WITH_A_BODY,
      ...REPEATABLE,
      ...needsRole('producer'),
      ...OF_ONE_TASK,
      ...UNKNOWN_FIELD,
      ...NOT_CANCELLED,
    }),
  ],
};

/** POST /api/v1/tasks/{task_id}/retry */
export const RETRY: EndpointDoc = {
  id: 'retryTask',
  tag,
  params: [TASK],
  summary: 'Put a failed task back',
  description:
    'Puts a failed task back into the queue, to be claimed at once. Needs no body, and takes no field in one.',
  isRepeatable: true,
  request: { type: RetryTaskBody, required: false, example: {} },
  answers: () => [
    answers(200, RetriedTask, { retried: examples.RETRIED }),
    ...fails({
      ...ALWAYS_POSSIBLE,
      ...WITH_A_BODY,
      ...REPEATABLE,
      ...needsRole('producer'),
      ...OF_ONE_TASK,
      ...UNKNOWN_FIELD,
      ...NOT_RETRIED,
    }),
  ],
};

/** GET /api/v1/tasks/next */
export const CLAIM: EndpointDoc = {
  id: 'claimNextTask',
  tag,
  summary: 'Claim the next task',
  description:
    'Hands the most urgent due task of a work directory to the caller, who holds it until its lease ends; null when ' +
    'there is none, if need be after a wait. Changes state in spite of its method: it is never cached, and has no HEAD.',
  isRepeatable: true,
  answers: () => [
    answers(200, ClaimedTask, {
      claimed: examples.CLAIMED,
      claimed_behind_others: examples.CLAIMED_BEHIND,
      nothing: null,
    }),
    ...fails({ ...ALWAYS_POSSIBLE, ...needsRole('worker'), ...REPEATABLE, ...missing('work_path') }),
  ],
};

/** POST /api/v1/tasks/{task_id}/complete */
export const COMPLETE: EndpointDoc = {
  id: 'completeTask',
  tag,
  params: [TASK],
  summary: 'Complete a task',
  description:
    'Ends a task well, or as failed when its result says so. The same completion again changes nothing.',
  isRepeatable: true,
  request: { type: CompleteTaskBody, required: false, example: examples.COMPLETE_REQUEST },
  answers: () => [
    answers(200, CompletedTask, { completed: examples.COMPLETED }),
    ...fails({
      ...ALWAYS_POSSIBLE,
      ...WITH_A_BODY,
      ...REPEATABLE,
      ...needsRole('worker'),
      ...OF_ONE_TASK,
      ...UNKNOWN_FIELD,
      ...notHeld('complete'),
      ...OTHER_PROMPT,
    }),
  ],
};

/** POST /api/v1/tasks/{task_id}/fail */
export const FAIL: EndpointDoc = {
  id: 'failTask',
  tag,
  params: [TASK],
  summary: 'Report a failed attempt',
  description: 'Ends an attempt badly: the task is failed, or waits again when it retries itself.',
  isRepeatable: true,
  request: { type: FailTaskBody, required: true, example: examples.FAIL_REQUEST },
  answers: () => [
    answers(200, FailedTask, { failed: examples.FAILED }),
    ...fails({
      ...ALWAYS_POSSIBLE,
      ...WITH_A_BODY,
      ...REPEATABLE,
      ...needsRole('worker'),
      ...OF_ONE_TASK,
      ...missing('error_message'),
      ...notHeld('fail'),
    }),
  ],
};
