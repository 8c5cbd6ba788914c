import type { EndpointDoc } from '../../shared/docs/endpoint';
import { answers, fails } from '../docs/envelope-docs';
import { ALWAYS_POSSIBLE, missing, needsRole, REPEATABLE, WITH_A_BODY } from '../docs/failure-examples';
import { BulkBody, BulkCancelBody } from './bulk.bodies';
import { ChangedTasks } from './bulk.view';

const tag = 'batches';

const ALL_OF_THEM =
  ' Works in steps, and changes at most some thousands in one request: while `has_more` is true, the same request ' +
  'again goes on. Without any filter, `all` has to be true.';

const DONE = {
  matched: 12,
  matched_capped: false,
  changed: 11,
  skipped: 1,
  has_more: false,
  dry_run: false,
} as const satisfies ChangedTasks;
const COUNTED: ChangedTasks = { ...DONE, changed: 0, skipped: 0, dry_run: true };

const FAILURES = {
  ...ALWAYS_POSSIBLE,
  ...WITH_A_BODY,
  ...needsRole('producer'),
  ...REPEATABLE,
  ...missing('all'),
};

/** POST /api/v1/tasks/bulk-cancel */
export const BULK_CANCEL: EndpointDoc = {
  id: 'cancelTasks',
  tag,
  summary: 'Give up all tasks that match',
  description: `Cancels every waiting task that meets every filter; with \`force\`, working and failed ones too.${ALL_OF_THEM}`,
  isRepeatable: true,
  request: {
    type: BulkCancelBody,
    required: true,
    example: { work_directory: '/home/user/project', reason: 'The project was given up' },
  },
  answers: () => [answers(200, ChangedTasks, { done: DONE, counted: COUNTED }), ...fails(FAILURES)],
};

/** POST /api/v1/tasks/bulk-retry */
export const BULK_RETRY: EndpointDoc = {
  id: 'retryTasks',
  tag,
  summary: 'Put back all failed tasks that match',
  description: `Puts every failed task that meets every filter, and has retries left, back into the queue.${ALL_OF_THEM}`,
  isRepeatable: true,
  request: { type: BulkBody, required: true, example: { task_type: 'agent_prompt', dry_run: true } },
  answers: () => [answers(200, ChangedTasks, { done: DONE, counted: COUNTED }), ...fails(FAILURES)],
};
