import { InvalidTask } from '@task/domain';
import type { EndpointDoc, ParamDoc } from '../../shared/docs/endpoint';
import { Refusal } from '../../shared/failures/refusal';
import { answers, fails } from '../docs/envelope-docs';
import {
  ALWAYS_POSSIBLE,
  BAD_PATH,
  missing,
  needsRole,
  UNKNOWN_FIELD,
  WITH_A_BODY,
} from '../docs/failure-examples';
import { LimitConcurrencyKeyBody } from './concurrency-key.body';
import { ConcurrencyKeyList, ConcurrencyKeyView } from './concurrency-key.views';

const tag = 'concurrency keys';
const KEY: ConcurrencyKeyView = { key: 'repo:docs', limit: 4, working: 3, ready: 1, held: 12 };

const NAME: ParamDoc = {
  name: 'key',
  description: 'The name of the key, percent-encoded: 1–128 printable characters',
  schema: { type: 'string', minLength: 1, maxLength: 128, example: KEY.key },
};

/** GET /api/v1/concurrency-keys */
export const LIST_CONCURRENCY_KEYS: EndpointDoc = {
  id: 'listConcurrencyKeys',
  tag,
  summary: 'List concurrency keys',
  description: 'Every key that a task has used or that was given a limit, and where its tasks stand.',
  answers: () => [
    answers(200, ConcurrencyKeyList, {
      page: { keys: [KEY], pagination: { limit: 100, has_more: false, next_cursor: null } },
    }),
    ...fails({ ...ALWAYS_POSSIBLE, ...needsRole('reader'), ...UNKNOWN_FIELD }),
  ],
};

/** GET /api/v1/concurrency-keys/{key} */
export const GET_CONCURRENCY_KEY: EndpointDoc = {
  id: 'getConcurrencyKey',
  tag,
  params: [NAME],
  summary: 'Read a concurrency key',
  description: 'What the key allows, and where its tasks stand.',
  answers: () => [
    answers(200, ConcurrencyKeyView, { key: KEY }),
    ...fails({
      ...ALWAYS_POSSIBLE,
      ...needsRole('reader'),
      ...BAD_PATH,
      no_such_key: new Refusal('concurrency_key_not_found', { key: KEY.key }),
    }),
  ],
};

/** PUT /api/v1/concurrency-keys/{key} */
export const LIMIT_CONCURRENCY_KEY: EndpointDoc = {
  id: 'limitConcurrencyKey',
  tag,
  params: [NAME],
  summary: 'Give a concurrency key its limit',
  description:
    'How many tasks of the key may be worked on at once, from this answer on; 1 for a key that nobody has given a ' +
    'limit. Nothing that is worked on is stopped by a lower one: no task of the key is handed out until as many have ended.',
  request: { type: LimitConcurrencyKeyBody, required: true, example: { limit: 4 } },
  answers: () => [
    answers(200, ConcurrencyKeyView, { limited: KEY }),
    ...fails({
      ...ALWAYS_POSSIBLE,
      ...needsRole('admin'),
      ...WITH_A_BODY,
      ...missing('limit'),
      no_key_can_be_called_so: new InvalidTask([
        { field: 'key', reason: 'too_long', constraints: { min_length: 1, max_length: 128 } },
      ]),
    }),
  ],
};
