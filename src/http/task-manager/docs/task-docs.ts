import { QueueFull, TaskAlreadyFinal, TaskNotWorking } from '@task/domain';
import type { EndpointDoc, ParamDoc } from '../../shared/docs/endpoint';
import {
  ALWAYS_POSSIBLE,
  BAD_PATH,
  missing,
  needsRole,
  NO_MEMORY,
  NOT_RETRIED,
  OF_ONE_TASK,
  REPEATABLE,
  TASK_ID,
  UNKNOWN_FIELD,
  WITH_A_BODY,
  WITH_A_LARGE_BODY,
  type Failures,
} from '../../shared/docs/failure-examples';
import { Refusal } from '../../shared/failures/refusal';
import { NewTaskBody, NewTaskOfMany } from '../dto/new-task.body';
import { RetryTaskBody } from '../dto/retry-task.body';
import { CanceledTask, CreatedTasks, TaskInfo, TaskList } from '../views/task.views';
import { answers, fails } from './answers';
import * as examples from './task-examples';

const tag = 'tasks';

/** Tasks that one batch can have. */
export const MOST_IN_BATCH = { max: 1000 };

/** The id of a task in a path. */
export const TASK: ParamDoc = {
  name: 'task_id',
  description: 'The id of a task',
  schema: { type: 'string', format: 'uuid', example: TASK_ID },
};

const NOT_TAKEN: Failures = { queue_full: new QueueFull(10_000_000), ...NO_MEMORY };

const BAD_ITEMS: Failures = {
  bad_items: Refusal.ofFields([
    { field: '[3].kb_id', reason: 'required', constraints: {} },
    { field: '[17].timeout', reason: 'out_of_range', constraints: { min: 1, max: 604_800 } },
  ]),
};

/** POST /api/v1/tasks */
export const CREATE: EndpointDoc = {
  id: 'createTask',
  tag,
  summary: 'Create a task',
  description: 'Files a new task. It is queued until a worker claims it.',
  isRepeatable: true,
  request: { type: NewTaskBody, required: true, example: examples.CREATE_REQUEST },
  answers: () => [
    answers(201, TaskInfo, { created: examples.QUEUED }),
    ...fails({
      ...ALWAYS_POSSIBLE,
      ...WITH_A_BODY,
      ...REPEATABLE,
      ...needsRole('producer'),
      ...missing('kb_id'),
      ...NOT_TAKEN,
    }),
  ],
};

/** POST /api/v1/tasks/batch */
export const CREATE_MANY: EndpointDoc = {
  id: 'createTasks',
  tag,
  summary: 'Create many tasks',
  description:
    'Files up to 1 000 new tasks, all or none. What is wrong with any of them is told with its index. Tasks that depend on ' +
    'others of the same batch call them by their `ref`.',
  isRepeatable: true,
  request: {
    type: NewTaskOfMany,
    required: true,
    example: [
      { ...examples.CREATE_REQUEST, ref: 'split' },
      { ...examples.CREATE_REQUEST, depends_on: ['@split'] },
    ],
    list: MOST_IN_BATCH,
  },
  answers: () => [
    answers(201, CreatedTasks, { created: { tasks: [examples.QUEUED_ROW], count: 1 } }),
    ...fails({
      ...ALWAYS_POSSIBLE,
      ...WITH_A_LARGE_BODY,
      ...REPEATABLE,
      ...needsRole('producer'),
      ...BAD_ITEMS,
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
    'Tasks that meet every filter, page by page, without `result` and without their place in the queue.',
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
    answers(200, TaskInfo, {
      processing: examples.PROCESSING,
      completed: examples.COMPLETED,
      behind_another: examples.QUEUED_BEHIND,
    }),
    ...fails({ ...ALWAYS_POSSIBLE, ...needsRole('reader'), ...OF_ONE_TASK, ...BAD_PATH }),
  ],
};

/** DELETE /api/v1/tasks/{task_id} */
export const CANCEL: EndpointDoc = {
  id: 'cancelTask',
  tag,
  params: [TASK],
  summary: 'Give a task up',
  description:
    'Cancels a task that is queued or processing; its worker learns it from its next word about the task.',
  isRepeatable: true,
  answers: () => [
    answers(200, CanceledTask, { canceled: examples.CANCELED }),
    ...fails({
      ...ALWAYS_POSSIBLE,
      ...WITH_A_BODY,
      ...REPEATABLE,
      ...needsRole('producer'),
      ...OF_ONE_TASK,
      ...BAD_PATH,
      already_completed: new TaskAlreadyFinal(TASK_ID, 'completed', 'cancel'),
      failed: new TaskNotWorking(TASK_ID, 'failed', 'cancel'),
    }),
  ],
};

/** POST /api/v1/tasks/{task_id}/retry */
export const RETRY: EndpointDoc = {
  id: 'retryTask',
  tag,
  params: [TASK],
  summary: 'Put a failed task back',
  description: 'Puts a failed task back into the queue, to be claimed at once. Takes no field in a body.',
  isRepeatable: true,
  request: { type: RetryTaskBody, required: false, example: {} },
  answers: () => [
    answers(200, TaskInfo, { retried: examples.RETRIED }),
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
