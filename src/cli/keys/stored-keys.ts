import { CreateKey, ListKeys, RevokeKey, type Clock } from '@task/application';
import { InvalidKey, keyStatusOf, type ApiKey, type EpochMs, type KeyDraft } from '@task/domain';
import { RandomIds, SystemClock } from '@task/infrastructure';
import { OPERATOR, type OpenDatabase } from '../open-database';
import { toldByRules, wordedViolations } from '../told-refusal';
import type { KeyDesk, MadeKey, ShownKey } from './key-desk';

const PAGE = 1_000;

/** The keys of a database that is open here. */
export class StoredKeys implements KeyDesk {
  private readonly clock: Clock = new SystemClock();
  private readonly createKey: CreateKey;
  private readonly listKeys: ListKeys;
  private readonly revokeKey: RevokeKey;

  constructor(private readonly database: OpenDatabase) {
    const { keys, audit } = database.store;
    this.createKey = new CreateKey(keys, new RandomIds(), audit);
    this.listKeys = new ListKeys(keys);
    this.revokeKey = new RevokeKey(keys, audit);
  }

  async create(draft: KeyDraft): Promise<MadeKey> {
    const { key, secret } = await told(this.createKey.execute(draft, OPERATOR));
    const { id, name, roles, expiresAt, createdAt, requestsPerMinute } = key;
    return {
      ...{ id, name, roles, key: secret, expires_at: iso(expiresAt) },
      created_at: new Date(createdAt).toISOString(),
      ...(requestsPerMinute !== null && { requests_per_minute: requestsPerMinute }),
    };
  }

  async list(withRevoked: boolean): Promise<readonly ShownKey[]> {
    const shown: ShownKey[] = [];
    for (;;) {
      const page = await this.listKeys.execute({ withRevoked, limit: PAGE, offset: shown.length });
      shown.push(...page.keys.map((key) => this.shown(key)));
      if (page.keys.length === 0 || shown.length >= page.total) return shown;
    }
  }

  async revoke(id: string): Promise<ShownKey> {
    return this.shown(await told(this.revokeKey.execute(id, OPERATOR)));
  }

  close(): Promise<void> {
    return this.database.close();
  }

  private shown(key: ApiKey): ShownKey {
    return {
      ...{ id: key.id, name: key.name, roles: key.roles, status: keyStatusOf(key, this.clock.now()) },
      ...{ created_at: new Date(key.createdAt).toISOString(), created_by: key.createdBy },
      ...{ expires_at: iso(key.expiresAt), last_used_at: iso(key.lastUsedAt) },
      requests_per_minute: key.requestsPerMinute,
      ...{ revoked_at: iso(key.revokedAt), revoked_by: key.revokedBy },
    };
  }
}

function told<T>(done: Promise<T>): Promise<T> {
  return toldByRules(done, (error) =>
    error instanceof InvalidKey ? wordedViolations(error.violations, (field) => NAMES[field] ?? field) : [],
  );
}

/** As the service calls them. */
const NAMES: Readonly<Record<string, string>> = {
  expiresInDays: 'expires_in_days',
  requestsPerMinute: 'requests_per_minute',
};

function iso(at: EpochMs | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
