import type { PresentedKey } from '@task/application';
import { ROLES, type ApiKey, type Role } from '@task/domain';

/** A row of `api_keys`, without its digest. */
export interface KeyRow {
  readonly public_id: string;
  readonly name: string;
  readonly roles: string;
  readonly created_at: number;
  readonly created_by: string | null;
  readonly expires_at: number | null;
  readonly last_used_at: number | null;
  readonly requests_per_minute: number | null;
  readonly revoked_at: number | null;
  readonly revoked_by: string | null;
}

/** What a {@link KeyRow} is read from. */
export const KEY_COLUMNS = `public_id, name, roles, created_at, created_by, expires_at, last_used_at,
  requests_per_minute, revoked_at, revoked_by`;

/** The key that a row holds. */
export function apiKeyFrom(row: KeyRow): ApiKey {
  return {
    id: row.public_id,
    name: row.name,
    roles: row.roles.split(',').filter(isRole),
    createdAt: row.created_at,
    createdBy: row.created_by,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    requestsPerMinute: row.requests_per_minute,
    revokedAt: row.revoked_at,
    revokedBy: row.revoked_by,
  };
}

/** What a caller who presents the key is told from. */
export function presentedFrom(row: KeyRow): PresentedKey {
  const { id, name, roles, expiresAt, requestsPerMinute } = apiKeyFrom(row);
  return { id, name, roles, expiresAt, requestsPerMinute };
}

function isRole(name: string): name is Role {
  return ROLES.some((role) => role === name);
}
