import type { KeyDraft } from '@task/domain';
import { ServiceClient } from '../../client/service-client';
import type { ServicePlace } from '../../client/service-place';
import { toldByService } from '../told-refusal';
import type { KeyDesk, MadeKey, ShownKey } from './key-desk';

interface Page {
  readonly keys: readonly ShownKey[];
  readonly pagination: { readonly has_more: boolean };
}

const PAGE = 1_000;

/** The keys of a running service. */
export class ServedKeys implements KeyDesk {
  private readonly client: ServiceClient;

  constructor(place: ServicePlace) {
    this.client = new ServiceClient(place);
  }

  create({ name, roles, expiresInDays, requestsPerMinute }: KeyDraft): Promise<MadeKey> {
    const limits = { expires_in_days: expiresInDays, requests_per_minute: requestsPerMinute };
    return toldByService(
      this.client.ask<MadeKey>('POST', '/api/v1/keys', { body: { name, roles, ...limits } }),
    );
  }

  async list(withRevoked: boolean): Promise<readonly ShownKey[]> {
    const keys: ShownKey[] = [];
    for (;;) {
      const query = `include_revoked=${String(withRevoked)}&limit=${PAGE}&offset=${keys.length}`;
      const page = await toldByService(this.client.ask<Page>('GET', `/api/v1/keys?${query}`));
      keys.push(...page.keys);
      if (!page.pagination.has_more || page.keys.length === 0) return keys;
    }
  }

  revoke(id: string): Promise<ShownKey> {
    return toldByService(this.client.ask<ShownKey>('DELETE', `/api/v1/keys/${encodeURIComponent(id)}`));
  }

  close(): Promise<void> {
    this.client.close();
    return Promise.resolve();
  }
}
