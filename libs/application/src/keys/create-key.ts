import { checkKeyDraft, newApiKey, type ApiKey, type KeyDraft } from '@task/domain';
import { audited } from '../audit/audited';
import type { Call } from '../call';
import type { AuditLog } from '../ports/audit-log';
import type { Ids } from '../ports/ids';
import type { KeyStore } from '../ports/key-store';

/** A key that was made. */
export interface CreatedKey {
  readonly key: ApiKey;
  /** Shown this once; null when the key was made by an earlier call under the same idempotency key. */
  readonly secret: string | null;
}

/** Makes a key. */
export class CreateKey {
  constructor(
    private readonly keys: KeyStore,
    private readonly ids: Ids,
    private readonly audit: AuditLog,
  ) {}

  /** @throws InvalidKey, KeyNameTaken, IdempotencyKeyReused, StoreUnavailable */
  async execute(draft: KeyDraft, call: Call): Promise<CreatedKey> {
    checkKeyDraft(draft);
    const { name, roles, expiresInDays, requestsPerMinute } = draft;
    const details = { name, roles, expires_in_days: expiresInDays, requests_per_minute: requestsPerMinute };
    const outcome = ({ key, secret }: CreatedKey): object => ({
      target: key.id,
      details: secret === null ? { replayed: true } : {},
    });
    const what = { action: 'key.create', target: null, details, outcome } as const;
    return audited(this.audit, call, what, () => this.make(draft, call));
  }

  private async make(draft: KeyDraft, { actor, idempotency }: Call): Promise<CreatedKey> {
    const id = this.ids.keyId();
    const secret = this.ids.keySecret();
    const decide = (now: number): ApiKey => newApiKey(draft, id, actor, now);
    const { key, isReplay } = await this.keys.create(decide, secret, idempotency);
    if (isReplay) idempotency?.onReplay();
    return { key, secret: isReplay ? null : secret };
  }
}
