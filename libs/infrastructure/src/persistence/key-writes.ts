import type { DecideKey, IdempotencyKey, StoredKey } from '@task/application';
import { IdempotencyKeyReused, KeyNameTaken, type ApiKey, type EpochMs, type Principal } from '@task/domain';
import { refusalFrom, recordOf, type DomainError } from '@task/domain';
import type { Upkeep } from './commands';
import { KEPT_MS, type KeptAnswer } from './kept-answer';
import { apiKeyFrom, KEY_COLUMNS, type KeyRow } from './key-row';

interface NewRow {
  readonly hash: string;
  readonly now: EpochMs;
}

/** Stores a new key, or tells what was stored under the idempotency key. @returns a refusal in place of throwing it */
export async function insertKey(
  tables: Upkeep,
  { decide, hash, now }: NewRow & { readonly decide: DecideKey },
  idempotency?: IdempotencyKey,
): Promise<StoredKey | DomainError> {
  const kept = idempotency === undefined ? null : await recalled(tables, idempotency, now);
  if (kept !== null) return kept;
  const key = decide(now);
  const isStored = await insert(tables, key, hash);
  const refusal = isStored ? null : new KeyNameTaken(key.name);
  if (idempotency !== undefined) await keep(tables, idempotency, refusal ?? key, now);
  return refusal ?? { key, isReplay: false };
}

/** Stores a key where there is none yet, revoked ones counted. */
export async function insertFirstKey(
  tables: Upkeep,
  { id, hash, now }: NewRow & { readonly id: string },
  { name, roles }: Principal,
): Promise<boolean> {
  // Two instances that start at once would both find no key: who changes this row first goes first.
  await changed(tables);
  const rows = await tables.query(
    'add-first-key',
    `INSERT INTO api_keys (public_id, name, hash, roles, created_at)
     SELECT ?, ?, ?, ?, ${whole('?')} WHERE NOT EXISTS (SELECT 1 FROM api_keys) RETURNING public_id`,
    [id, name, hash, roles.join(','), now],
  );
  return rows.length > 0;
}

/** Revokes a key that is not revoked. @returns the key as it is now, or null when there is none */
export async function revokeKey(
  tables: Upkeep,
  id: string,
  revokedBy: string,
  now: EpochMs,
): Promise<ApiKey | null> {
  const revoked = await tables.query(
    'revoke-key',
    `UPDATE api_keys SET revoked_at = ?, revoked_by = ? WHERE public_id = ? AND revoked_at IS NULL RETURNING public_id`,
    [now, revokedBy, id],
  );
  if (revoked.length > 0) await changed(tables);
  return keyOf(tables, id);
}

/** Notes that a key is in use now; never an earlier time over a later one. */
export async function noteUse(tables: Upkeep, id: string, now: EpochMs): Promise<void> {
  await tables.query(
    'note-key-use',
    `UPDATE api_keys SET last_used_at = ? WHERE public_id = ? AND (last_used_at IS NULL OR last_used_at < ?)`,
    [now, id, now],
  );
}

async function insert(tables: Upkeep, key: ApiKey, hash: string): Promise<boolean> {
  const rows = await tables.query(
    'add-key',
    `INSERT INTO api_keys (public_id, name, hash, roles, created_at, created_by, expires_at, requests_per_minute)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING RETURNING public_id`,
    [
      ...[key.id, key.name, hash, key.roles.join(',')],
      ...[key.createdAt, key.createdBy, key.expiresAt, key.requestsPerMinute],
    ],
  );
  if (rows.length > 0) await changed(tables);
  return rows.length > 0;
}

/** What tells every instance that its snapshot is old. */
async function changed(tables: Upkeep): Promise<void> {
  await tables.query('keys-changed', `UPDATE counters SET value = value + 1 WHERE name = 'keys'`, []);
  tables.announce('keys');
}

async function keyOf(tables: Upkeep, id: string): Promise<ApiKey | null> {
  const sql = `SELECT ${KEY_COLUMNS} FROM api_keys WHERE public_id = ?`;
  const [row] = await tables.query<KeyRow>('key-by-id', sql, [id]);
  return row === undefined ? null : apiKeyFrom(row);
}

async function recalled(
  tables: Upkeep,
  { key, fingerprint }: IdempotencyKey,
  now: EpochMs,
): Promise<StoredKey | DomainError | null> {
  const [kept] = await tables.recall([key], now);
  if (kept === undefined) return null;
  if (kept.fingerprint !== fingerprint) return new IdempotencyKeyReused();
  const answer = JSON.parse(kept.outcome) as KeptAnswer;
  if ('refusal' in answer) return refusalFrom(answer.refusal);
  const made = 'apiKey' in answer ? await keyOf(tables, answer.apiKey) : null;
  return made === null ? null : { key: made, isReplay: true };
}

async function keep(
  tables: Upkeep,
  { key, fingerprint }: IdempotencyKey,
  outcome: ApiKey | KeyNameTaken,
  now: EpochMs,
): Promise<void> {
  const refusal = recordOf(outcome);
  const answer: KeptAnswer =
    outcome instanceof KeyNameTaken ? { refusal: refusal ?? { code: outcome.code } } : { apiKey: outcome.id };
  await tables.keep([{ key, fingerprint, outcome: JSON.stringify(answer), expiresAt: now + KEPT_MS }]);
}

/** PostgreSQL takes a parameter of a SELECT for text unless it is told. */
function whole(parameter: string): string {
  return `CAST(${parameter} AS bigint)`;
}
