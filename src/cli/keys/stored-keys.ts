import { CreateKey, ListKeys, RevokeKey, type Call, type Clock } from '@task/application';
import { DomainError, InvalidKey, keyStatusOf, type ApiKey, type EpochMs, type KeyDraft } from '@task/domain';
import { RandomIds, SystemClock, type OpenStore } from '@task/infrastructure';
import { messageOf } from '../../http/shared/language/messages';
import { reasonOf } from '../../http/shared/language/reasons';
import { StartFailure } from '../start-failure';
import type { KeyDesk, MadeKey, ShownKey } from './key-desk';

const PAGE = 1_000;
/** Whoever can open the database is its operator. */
const OPERATOR: Call = { actor: 'operator', signal: { aborted: false } };

/** The keys of a database that is open here. */
export class StoredKeys implements KeyDesk {
  private readonly clock: Clock = new SystemClock();
  private readonly createKey: CreateKey;
  private readonly listKeys: ListKeys;
  private readonly revokeKey: RevokeKey;

  /** @param letGo of what the store needs to be open */
  constructor(
    private readonly store: OpenStore,
    private readonly letGo: () => void,
  ) {
    const { keys, audit } = store;
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

  async close(): Promise<void> {
    await this.store.close();
    this.letGo();
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

async function told<T>(done: Promise<T>): Promise<T> {
  try {
    return await done;
  } catch (error) {
    if (!(error instanceof DomainError)) throw error;
    const violations = error instanceof InvalidKey ? error.violations : [];
    const why = violations.map(
      ({ field, reason, constraints }) => `${NAMES[field] ?? field} ${reasonOf(reason, constraints, 'en')}`,
    );
    throw new StartFailure([messageOf(error.code, 'en'), ...why].join('; '), { cause: error });
  }
}

/** As the service calls them. */
const NAMES: Readonly<Record<string, string>> = {
  expiresInDays: 'expires_in_days',
  requestsPerMinute: 'requests_per_minute',
};

function iso(at: EpochMs | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
