import type { CreatedKey } from '@task/application';
import { keyStatusOf, type ApiKey, type EpochMs } from '@task/domain';
import { iso, isoOrNull } from '../../shared/views/format';
import type { CreatedKeyView, KeyView } from './key.views';

/** A key that was made, with its secret when this was the call that made it. */
export function createdKey({ key, secret }: CreatedKey): CreatedKeyView {
  const { id, name, roles, expiresAt, createdAt, requestsPerMinute } = key;
  return {
    ...{ id, name, roles, key: secret },
    expires_at: isoOrNull(expiresAt),
    created_at: iso(createdAt),
    ...(requestsPerMinute !== null && { requests_per_minute: requestsPerMinute }),
  };
}

/** What is known of a key now. */
export function keyView(key: ApiKey, now: EpochMs): KeyView {
  return {
    id: key.id,
    name: key.name,
    roles: key.roles,
    status: keyStatusOf(key, now),
    created_at: iso(key.createdAt),
    created_by: key.createdBy,
    expires_at: isoOrNull(key.expiresAt),
    last_used_at: isoOrNull(key.lastUsedAt),
    requests_per_minute: key.requestsPerMinute,
    revoked_at: isoOrNull(key.revokedAt),
    revoked_by: key.revokedBy,
  };
}
