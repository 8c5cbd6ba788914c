import { violationsOf, type Violation } from '../rules/rule';
import type { EpochMs } from '../task/epoch-ms';
import { InvalidKey } from './key.errors';
import { KEY_RULES } from './key-rules';
import type { Role } from './role';

/** A key, without its secret. */
export interface ApiKey {
  /** UUID; what the key is called in paths. */
  readonly id: string;
  readonly name: string;
  readonly roles: readonly Role[];
  readonly createdAt: EpochMs;
  /** Name of the caller who made it; null for keys that the service made itself. */
  readonly createdBy: string | null;
  /** Not valid from then on; null for ever. */
  readonly expiresAt: EpochMs | null;
  /** To the minute; null before the first use. */
  readonly lastUsedAt: EpochMs | null;
  /** Its own limit in place of the service's, 0 for none; null for the service's. */
  readonly requestsPerMinute: number | null;
  readonly revokedAt: EpochMs | null;
  readonly revokedBy: string | null;
}

/** How a key stands. */
export const KEY_STATUSES = ['active', 'expired', 'revoked'] as const;

/** One of {@link KEY_STATUSES}. */
export type KeyStatus = (typeof KEY_STATUSES)[number];

/** What somebody asks of a new key. */
export interface KeyDraft {
  readonly name: string;
  readonly roles: readonly Role[];
  /** Absent for a key that is valid for ever. */
  readonly expiresInDays?: number | undefined;
  readonly requestsPerMinute?: number | undefined;
}

const DAY_MS = 86_400_000;
const REQUIRED = ['name', 'roles'] as const;

/**
 * A new key.
 * @param id        its UUID
 * @param createdBy name of the caller who asks for it
 * @throws InvalidKey with everything that is wrong
 */
export function newApiKey(draft: KeyDraft, id: string, createdBy: string | null, now: EpochMs): ApiKey {
  checkKeyDraft(draft);
  const { name, roles, expiresInDays, requestsPerMinute = null } = draft;
  return {
    ...{ id, name, createdBy, requestsPerMinute },
    roles: [...roles],
    createdAt: now,
    expiresAt: expiresInDays === undefined ? null : now + expiresInDays * DAY_MS,
    ...{ lastUsedAt: null, revokedAt: null, revokedBy: null },
  };
}

/** Checks what is asked of a new key. @throws InvalidKey with everything that is wrong */
export function checkKeyDraft(draft: KeyDraft): void {
  const given: Readonly<Record<string, unknown>> = { ...draft };
  const missing = REQUIRED.filter((field) => given[field] === undefined);
  const violations: Violation[] = missing.map((field) => ({ field, reason: 'required', constraints: {} }));
  violations.push(...violationsOf(given, KEY_RULES));
  if (violations.length > 0) throw new InvalidKey(violations);
}

/** How a key stands at a time. */
export function keyStatusOf(key: Pick<ApiKey, 'expiresAt' | 'revokedAt'>, now: EpochMs): KeyStatus {
  if (key.revokedAt !== null) return 'revoked';
  return isExpired(key, now) ? 'expired' : 'active';
}

/** Whether a key's end has come. */
export function isExpired({ expiresAt }: Pick<ApiKey, 'expiresAt'>, now: EpochMs): boolean {
  return expiresAt !== null && expiresAt <= now;
}
