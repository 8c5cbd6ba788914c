import { ExecutorFull, PromptSaysNothing, QueueFull, TaskAlreadyFinal } from '@task/domain';
import type { EndpointDoc, ParamDoc } from '../../shared/docs/endpoint';
import {
  ALWAYS_POSSIBLE,
  BAD_PATH,
  needsRole,
  NO_MEMORY,
  OF_ONE_TASK,
  REPEATABLE,
  TASK_ID,
  WITH_A_BODY,
} from '../../shared/docs/failure-examples';
import { Refusal } from '../../shared/failures/refusal';
import type { AgentTask } from '../agent-task.view';
import { CreateAgentTaskBody } from '../create-agent-task.body';
import { answers, fails } from './detail-docs';

const tag = 'agent tasks';

const REQUEST = {
  task_type: 'echo',
  description: 'Say it again',
  parameters: { words: ['hello'] },
  priority: 5,
  timeout_seconds: 300,
};
const CREATED = {
  task_id: TASK_ID,
  status: 'created',
  ...REQUEST,
  progress: 0,
  result: null,
  error: null,
  created_at: '2025-08-18T10:00:00.000Z',
  started_at: null,
  completed_at: null,
} as const satisfies AgentTask;
const RUNNING = {
  ...CREATED,
  status: 'running',
  progress: 40,
  started_at: '2025-08-18T10:00:01.000Z',
} as const satisfies AgentTask;
const COMPLETED: AgentTask = {
  ...RUNNING,
  status: 'completed',
  progress: 100,
  result: { description: REQUEST.description, parameters: REQUEST.parameters },
  completed_at: '2025-08-18T10:00:02.000Z',
};
const BLOCKED: AgentTask = {
  ...CREATED,
  concurrency_key: 'repo:docs',
  blocked_by: [{ kind: 'dependencies', pending: 1 }],
};
const TIMED_OUT: AgentTask = {
  ...RUNNING,
  status: 'failed',
  error: 'timed out after 300 s',
  completed_at: '2025-08-18T10:05:01.000Z',
};
const CANCELLED: AgentTask = {
  ...RUNNING,
  status: 'cancelled',
  completed_at: '2025-08-18T10:00:03.000Z',
};

const TASK: ParamDoc = {
  name: 'task_id',
  description: 'The id of a task',
  schema: { type: 'string', format: 'uuid', example: TASK_ID },
};

/** POST /tasks */
export const CREATE: EndpointDoc = {
  id: 'createAgentTask',
  tag,
  summary: 'Have a task run',
  description:
    'Files a task that the service itself runs, by the handler of its type. A type without a handler waits for a ' +
    'worker outside.',
  isRepeatable: true,
  request: { type: CreateAgentTaskBody, required: true, example: REQUEST },
  answers: () => [
    answers(201, { created: CREATED }),
    ...fails({
      ...ALWAYS_POSSIBLE,
      ...WITH_A_BODY,
      ...REPEATABLE,
      ...needsRole('producer'),
      bad_fields: Refusal.ofFields([
        { field: 'description', reason: 'required', constraints: {} },
        { field: 'priority', reason: 'out_of_range', constraints: { min: 1, max: 10 } },
      ]),
      description_says_nothing: new PromptSaysNothing(),
      executor_full: new ExecutorFull(10_000),
      queue_full: new QueueFull(10_000_000),
      ...NO_MEMORY,
    }),
  ],
};

/** GET /tasks/{task_id} */
export const GET: EndpointDoc = {
  id: 'getAgentTask',
  tag,
  params: [TASK],
  summary: 'Ask how a task is',
  description:
    'Everything that is known of a task. Ask again later, and less often each time, while it runs.',
  answers: () => [
    answers(200, {
      created: CREATED,
      blocked: BLOCKED,
      running: RUNNING,
      completed: COMPLETED,
      timed_out: TIMED_OUT,
    }),
    ...fails({ ...ALWAYS_POSSIBLE, ...needsRole('reader'), ...OF_ONE_TASK, ...BAD_PATH }),
  ],
};

/** DELETE /tasks/{task_id} */
export const CANCEL: EndpointDoc = {
  id: 'cancelAgentTask',
  tag,
  params: [TASK],
  summary: 'Cancel a task',
  description: 'Cancels a task that waits, runs or has failed. What runs is ended within seconds.',
  answers: () => [
    answers(200, { cancelled: CANCELLED }),
    ...fails({
      ...ALWAYS_POSSIBLE,
      ...WITH_A_BODY,
      ...needsRole('producer'),
      ...OF_ONE_TASK,
      ...BAD_PATH,
      already_final: new TaskAlreadyFinal(TASK_ID, 'completed', 'cancel'),
    }),
  ],
};
