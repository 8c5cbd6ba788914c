import {
  KeyStore,
  type Clock,
  type DecideKey,
  type IdempotencyKey,
  type KeyListRequest,
  type PresentedKey,
  type StoredKey,
} from '@task/application';
import { IdempotencyKeyReused, KeyNameTaken, type ApiKey, type Principal } from '@task/domain';
import { randomUUID } from 'node:crypto';
import { Listeners } from '../system/listeners';
import { secretDigestOf } from '../security/secret-digest';

interface Kept {
  readonly fingerprint: string;
  readonly outcome: ApiKey['id'] | KeyNameTaken;
}

/** Keeps API keys in the memory of one process. */
export class InMemoryKeyStore extends KeyStore {
  private readonly keys = new Map<string, ApiKey>();
  private readonly idOfDigest = new Map<string, string>();
  private readonly kept = new Map<string, Kept>();
  private readonly changes = new Listeners();

  constructor(private readonly clock: Clock) {
    super();
  }

  override async find(secret: string): Promise<PresentedKey | null> {
    await Promise.resolve();
    const key = this.keys.get(this.idOfDigest.get(secretDigestOf(secret)) ?? '');
    if (key?.revokedAt !== null) return null;
    const { id, name, roles, expiresAt, requestsPerMinute } = key;
    return { id, name, roles, expiresAt, requestsPerMinute };
  }

  override watch(listener: () => void): () => void {
    return this.changes.add(listener);
  }

  override async addFirst(secret: string, { name, roles }: Principal): Promise<boolean> {
    await Promise.resolve();
    if (this.keys.size > 0) return false;
    this.put(secret, {
      ...{ id: randomUUID(), name, roles: [...roles], createdAt: this.clock.now(), createdBy: null },
      ...{ expiresAt: null, lastUsedAt: null, requestsPerMinute: null, revokedAt: null, revokedBy: null },
    });
    return true;
  }

  override async create(decide: DecideKey, secret: string, key?: IdempotencyKey): Promise<StoredKey> {
    await Promise.resolve();
    const kept = key === undefined ? undefined : this.kept.get(key.key);
    if (kept !== undefined) return this.again(kept, key);
    const made = decide(this.clock.now());
    const isTaken = this.all.some(({ name, revokedAt }) => name === made.name && revokedAt === null);
    const outcome = isTaken ? new KeyNameTaken(made.name) : made.id;
    if (key !== undefined) this.kept.set(key.key, { fingerprint: key.fingerprint, outcome });
    if (outcome instanceof KeyNameTaken) throw outcome;
    this.put(secret, made);
    return { key: made, isReplay: false };
  }

  override async revoke(id: string, revokedBy: string): Promise<ApiKey | null> {
    await Promise.resolve();
    const key = this.keys.get(id);
    if (key === undefined) return null;
    if (key.revokedAt === null) {
      this.keys.set(id, { ...key, revokedAt: this.clock.now(), revokedBy });
      this.changes.tell();
    }
    return this.keys.get(id) ?? null;
  }

  override async list({
    withRevoked,
    limit,
    offset,
  }: KeyListRequest): Promise<{ keys: readonly ApiKey[]; total: number }> {
    await Promise.resolve();
    const keys = this.all.filter(({ revokedAt }) => withRevoked || revokedAt === null);
    return { keys: keys.slice(offset, offset + limit), total: keys.length };
  }

  override async noteUse(id: string): Promise<void> {
    await Promise.resolve();
    const key = this.keys.get(id);
    if (key !== undefined) this.keys.set(id, { ...key, lastUsedAt: this.clock.now() });
  }

  private get all(): readonly ApiKey[] {
    return [...this.keys.values()];
  }

  private again({ fingerprint, outcome }: Kept, key: IdempotencyKey | undefined): StoredKey {
    if (fingerprint !== key?.fingerprint) throw new IdempotencyKeyReused();
    if (outcome instanceof KeyNameTaken) throw outcome;
    const made = this.keys.get(outcome);
    if (made === undefined) throw new Error('a key that was made is gone');
    return { key: made, isReplay: true };
  }

  private put(secret: string, key: ApiKey): void {
    this.keys.set(key.id, key);
    this.idOfDigest.set(secretDigestOf(secret), key.id);
    this.changes.tell();
  }
}
