import { InvalidKey, KEY_BYTES, KeyNameTaken, KeyNotFound, keySecretOf } from '@task/domain';
import type { EndpointDoc } from '../../shared/docs/endpoint';
import { Refusal } from '../../shared/failures/refusal';
import { answers, fails } from '../docs/envelope-docs';
import {
  ALWAYS_POSSIBLE,
  BAD_PATH,
  needsRole,
  REPEATABLE,
  UNKNOWN_FIELD,
  WITH_A_BODY,
} from '../docs/failure-examples';
import { CreateKeyBody } from './create-key.body';
import { CreatedKeyView, KeyList, KeyView } from './key.views';

const tag = 'keys';
const KEY_ID = 'f1b8a1a2-7f0e-4d52-8a53-6a6a3c1d9e10';

const KEY = {
  ...{ id: KEY_ID, name: 'ci-pipeline', roles: ['producer'], status: 'active' },
  ...{ created_at: '2025-08-18T10:00:00.000Z', created_by: 'admin', expires_at: '2025-11-16T10:00:00.000Z' },
  ...{ last_used_at: '2025-08-18T10:05:00.000Z', requests_per_minute: null },
  ...{ revoked_at: null, revoked_by: null },
} as const satisfies KeyView;
const REVOKED = {
  ...KEY,
  ...{ status: 'revoked', revoked_at: '2025-08-19T08:00:00.000Z', revoked_by: 'admin' },
} as const satisfies KeyView;

/** The answer to a key, which no two services make. */
const CREATED = {
  ...{ id: KEY_ID, name: 'ci-pipeline', roles: ['producer'] },
  key: keySecretOf(Uint8Array.from({ length: KEY_BYTES }, (_, index) => index)),
  ...{ expires_at: '2025-11-16T10:00:00.000Z', created_at: '2025-08-18T10:00:00.000Z' },
} as const satisfies CreatedKeyView;

/** POST /api/v1/keys */
export const CREATE_KEY: EndpointDoc = {
  id: 'createKey',
  tag,
  summary: 'Make a key',
  description:
    'The answer shows the key, once: only its SHA-256 is kept. A repeated request under the same idempotency key does not show it again.',
  isRepeatable: true,
  request: {
    type: CreateKeyBody,
    required: true,
    example: { name: 'ci-pipeline', roles: ['producer'], expires_in_days: 90 },
  },
  answers: () => [
    answers(201, CreatedKeyView, {
      made: CREATED,
      with_its_own_limit: { ...CREATED, requests_per_minute: 600 },
      repeated: { ...CREATED, key: null },
    }),
    ...fails({
      ...ALWAYS_POSSIBLE,
      ...needsRole('admin'),
      ...WITH_A_BODY,
      ...REPEATABLE,
      ...UNKNOWN_FIELD,
      reserved_name: new InvalidKey([
        {
          field: 'name',
          reason: 'reserved',
          constraints: { reserved: ['admin', 'operator', 'anonymous'] },
        },
      ]),
      name_taken: new KeyNameTaken(KEY.name),
    }),
  ],
};

/** GET /api/v1/keys */
export const LIST_KEYS: EndpointDoc = {
  id: 'listKeys',
  tag,
  summary: 'List keys',
  description:
    'Every key that is not revoked, without its secret. Tells who made it and when it was used last.',
  answers: () => [
    answers(200, KeyList, {
      page: { keys: [KEY], pagination: { total: 1, limit: 100, offset: 0, has_more: false } },
    }),
    ...fails({ ...ALWAYS_POSSIBLE, ...needsRole('admin'), ...UNKNOWN_FIELD }),
  ],
};

/** DELETE /api/v1/keys/{key_id} */
export const REVOKE_KEY: EndpointDoc = {
  id: 'revokeKey',
  tag,
  params: [{ name: 'key_id', description: 'The id of the key', schema: { type: 'string', example: KEY_ID } }],
  summary: 'Revoke a key',
  description:
    'From this answer on the key opens nothing; on other instances on the same database about a second later. Its name is free again. Revoking it again changes nothing.',
  answers: () => [
    answers(200, KeyView, { revoked: REVOKED }),
    ...fails({
      ...ALWAYS_POSSIBLE,
      ...WITH_A_BODY,
      ...needsRole('admin'),
      ...BAD_PATH,
      no_such_key: new KeyNotFound(KEY_ID),
      from_another_site: new Refusal('cross_site', { reason: 'cross_site' }),
    }),
  ],
};
