import type { ApiKey, EpochMs, Principal } from '@task/domain';
import type { IdempotencyKey } from '../call';

/** A key that somebody presented, found by its secret: not revoked, but perhaps expired. */
export type PresentedKey = Pick<ApiKey, 'id' | 'name' | 'roles' | 'expiresAt' | 'requestsPerMinute'>;

/** Decides about a new key at the store's time. May be called again when the transaction has to be repeated. */
export type DecideKey = (now: EpochMs) => ApiKey;

/** What became of the wish for a key. */
export interface StoredKey {
  readonly key: ApiKey;
  /** Whether it was made earlier, under the same idempotency key: with another secret then. */
  readonly isReplay: boolean;
}

/** Which keys to list. */
export interface KeyListRequest {
  /** Keys that were revoked are listed too. */
  readonly withRevoked: boolean;
  /** 1–1000. */
  readonly limit: number;
  readonly offset: number;
}

/**
 * Where API keys live. A key is kept as its SHA-256 only: nobody can read it back. Keys that were revoked stay, so that
 * names in old tasks can be explained; their names are free again.
 * @throws StoreUnavailable from every method
 */
export abstract class KeyStore {
  /**
   * The key with this secret, or null when there is none, or it was revoked. Looked up by its digest: how long it takes
   * tells nothing about how much of a wrong secret is right. Wrong ones cost no more than good ones, and leave nothing.
   */
  abstract find(secret: string): Promise<PresentedKey | null>;

  /**
   * Tells when keys were made or revoked: here, before whoever asked for it is answered; on another instance, about a
   * second later at most. @param listener called synchronously; never throws. @returns stops telling
   */
  abstract watch(listener: () => void): () => void;

  /** Stores a key under its name. @returns false when some key is there already, and nothing was stored */
  abstract addFirst(secret: string, principal: Principal): Promise<boolean>;

  /**
   * Stores what is decided under the digest of the secret. An idempotency key is kept in the same transaction.
   * @throws KeyNameTaken by a key that is not revoked, IdempotencyKeyReused, whatever `decide` throws
   */
  abstract create(decide: DecideKey, secret: string, key?: IdempotencyKey): Promise<StoredKey>;

  /** Revokes a key, once: again changes nothing. @returns the key as it is now, or null when there is none */
  abstract revoke(id: string, revokedBy: string): Promise<ApiKey | null>;

  /** Keys in the order in which they were made, and how many there are in all. */
  abstract list(request: KeyListRequest): Promise<{ keys: readonly ApiKey[]; total: number }>;

  /** Notes that a key is in use now. */
  abstract noteUse(id: string): Promise<void>;
}
