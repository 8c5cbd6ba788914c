import {
  KeyStore,
  type DecideKey,
  type IdempotencyKey,
  type KeyListRequest,
  type PresentedKey,
  type StoredKey,
} from '@task/application';
import type { ApiKey, Principal } from '@task/domain';
import { randomUUID } from 'node:crypto';
import type { DataSource } from 'typeorm';
import { Listeners } from '../system/listeners';
import { secretDigestOf } from '../security/secret-digest';
import { ask, type FaultOf } from './ask';
import { apiKeyFrom, KEY_COLUMNS, type KeyRow } from './key-row';
import type { KeySnapshots } from './key-snapshots';
import { insertFirstKey, insertKey, noteUse, revokeKey } from './key-writes';
import type { Lane } from './lane';
import { numbered } from './postgres/numbered';
import { inLane } from './in-lane';
import { isUuid } from './uuid-text';

/**
 * Keys in the database, by the SHA-256 of their secret. Writes go through the lane; who presents a key is told from a
 * snapshot in memory, so that no wrong key ever costs a statement of its own.
 */
export class TypeOrmKeyStore extends KeyStore {
  private readonly changes = new Listeners();

  constructor(
    private readonly lane: Lane,
    private readonly snapshots: KeySnapshots,
    private readonly readable: DataSource,
    private readonly faultOf: FaultOf,
  ) {
    super();
    snapshots.onChange = () => this.changes.tell();
  }

  override find(secret: string): Promise<PresentedKey | null> {
    return this.snapshots.find(secretDigestOf(secret));
  }

  override watch(listener: () => void): () => void {
    this.snapshots.follow();
    return this.changes.add(listener);
  }

  override async addFirst(secret: string, principal: Principal): Promise<boolean> {
    const id = randomUUID();
    const hash = secretDigestOf(secret);
    const isAdded = await inLane(this.lane, (tables, now) =>
      insertFirstKey(tables, { id, hash, now }, principal),
    );
    await this.snapshots.renewAfterWrite();
    return isAdded;
  }

  override async create(decide: DecideKey, secret: string, key?: IdempotencyKey): Promise<StoredKey> {
    const hash = secretDigestOf(secret);
    const stored = await inLane(this.lane, (tables, now) => insertKey(tables, { decide, hash, now }, key));
    if (stored instanceof Error) throw stored;
    await this.snapshots.renewAfterWrite();
    return stored;
  }

  override async revoke(id: string, revokedBy: string): Promise<ApiKey | null> {
    if (!isUuid(id)) return null;
    const key = await inLane(this.lane, (tables, now) => revokeKey(tables, id.toLowerCase(), revokedBy, now));
    await this.snapshots.renewAfterWrite();
    return key;
  }

  override async list({
    withRevoked,
    limit,
    offset,
  }: KeyListRequest): Promise<{ keys: readonly ApiKey[]; total: number }> {
    const which = withRevoked ? '' : 'WHERE revoked_at IS NULL';
    const rows = await this.query<KeyRow>(
      `SELECT ${KEY_COLUMNS} FROM api_keys ${which} ORDER BY id LIMIT ? OFFSET ?`,
      [limit, offset],
    );
    const [count] = await this.query<{ total: number }>(
      `SELECT count(*) AS total FROM api_keys ${which}`,
      [],
    );
    return { keys: rows.map(apiKeyFrom), total: count?.total ?? 0 };
  }

  override noteUse(id: string): Promise<void> {
    return inLane(this.lane, (tables, now) => noteUse(tables, id, now));
  }

  private query<Row>(sql: string, values: readonly unknown[]): Promise<Row[]> {
    const isPostgres = this.readable.options.type === 'postgres';
    return ask(this.readable.query<Row[]>(isPostgres ? numbered(sql) : sql, [...values]), this.faultOf);
  }
}
