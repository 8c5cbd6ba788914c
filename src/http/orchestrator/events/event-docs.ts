import { Refusal } from '../../shared/failures/refusal';
import type { AnswerDoc, EndpointDoc, ParamDoc } from '../../shared/docs/endpoint';
import { eventText, keepAliveText } from '../../shared/streams/event-text';
import { TASK } from '../docs/endpoints';
import { fails } from '../docs/envelope-docs';
import { ALWAYS_POSSIBLE, BAD_PATH, needsRole, OF_ONE_TASK, UNKNOWN_FIELD } from '../docs/failure-examples';
import { TASK_ID } from '../docs/task-examples';
import { LAST_EVENT_ID } from './event-input';
import type { EventView } from './event.view';

const tag = 'events';

const PLACE: ParamDoc = {
  name: LAST_EVENT_ID,
  description: 'The last event that the reader has; browsers send it when they come back',
  schema: { type: 'integer', minimum: 0, example: 41 },
};

const CLAIMED: EventView = {
  id: 42,
  type: 'task.claimed',
  task_id: TASK_ID,
  version: 2,
  attempt: 1,
  from: 'waiting',
  to: 'working',
  worker_id: 'worker-1',
  at: '2025-08-18T10:05:00.000Z',
  details: null,
};

const STREAM: AnswerDoc = {
  status: 200,
  description:
    'Server-sent events, in the order of commits, without a gap and without a repeat: `id` is the number of the ' +
    'event, `event` its type, `data` the event as JSON. `event: reset` with `{oldest}` tells that events behind the ' +
    "reader's place are not kept any more, or that the place is ahead of the log: the stream goes on with the oldest.",
  mediaType: 'text/event-stream',
  schema: { type: 'string' },
  models: [],
  examples: { claimed: eventText(CLAIMED.id, CLAIMED.type, CLAIMED) + keepAliveText(CLAIMED.id) },
};

const FAILURES = {
  ...ALWAYS_POSSIBLE,
  ...needsRole('reader'),
  ...UNKNOWN_FIELD,
  too_many_streams: new Refusal(
    'too_many_streams',
    { max_streams: 500, retry_after_seconds: 5 },
    { 'Retry-After': '5' },
  ),
};

/** GET /api/v1/events */
export const FOLLOW: EndpointDoc = {
  id: 'followEvents',
  tag,
  summary: 'Follow what happens',
  description: 'Without a place it begins with what happens next.',
  headers: [PLACE],
  answers: () => [STREAM, ...fails(FAILURES)],
};

/** GET /api/v1/tasks/{task_id}/events */
export const FOLLOW_TASK: EndpointDoc = {
  id: 'followTaskEvents',
  tag,
  params: [TASK],
  summary: 'Follow what happens to a task',
  description: 'Without a place it begins with the first event of the task that is kept.',
  headers: [PLACE],
  answers: () => [STREAM, ...fails({ ...FAILURES, ...OF_ONE_TASK, ...BAD_PATH })],
};
