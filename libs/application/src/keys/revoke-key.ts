import { KeyNotFound, type ApiKey } from '@task/domain';
import { audited } from '../audit/audited';
import type { Call } from '../call';
import type { AuditLog } from '../ports/audit-log';
import type { KeyStore } from '../ports/key-store';

/** Takes a key's rights away, at once and for good. */
export class RevokeKey {
  constructor(
    private readonly keys: KeyStore,
    private readonly audit: AuditLog,
  ) {}

  /** Again changes nothing. @returns the key as it is now. @throws KeyNotFound, StoreUnavailable */
  execute(keyId: string, call: Call): Promise<ApiKey> {
    const outcome = ({ name }: ApiKey): object => ({ details: { name } });
    const what = { action: 'key.revoke', target: keyId, outcome } as const;
    return audited(this.audit, call, what, async () => {
      const key = await this.keys.revoke(keyId, call.actor);
      if (key === null) throw new KeyNotFound(keyId);
      return key;
    });
  }
}
