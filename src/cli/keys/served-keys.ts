import type { KeyDraft } from '@task/domain';
import { ServiceRefusal, ServiceUnreachable } from '../../client/client-failures';
import { ServiceClient } from '../../client/service-client';
import type { ServicePlace } from '../../client/service-place';
import { StartFailure } from '../start-failure';
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
    return told(this.client.ask<MadeKey>('POST', '/api/v1/keys', { body: { name, roles, ...limits } }));
  }

  async list(withRevoked: boolean): Promise<readonly ShownKey[]> {
    const keys: ShownKey[] = [];
    for (;;) {
      const query = `include_revoked=${String(withRevoked)}&limit=${PAGE}&offset=${keys.length}`;
      const page = await told(this.client.ask<Page>('GET', `/api/v1/keys?${query}`));
      keys.push(...page.keys);
      if (!page.pagination.has_more || page.keys.length === 0) return keys;
    }
  }

  revoke(id: string): Promise<ShownKey> {
    return told(this.client.ask<ShownKey>('DELETE', `/api/v1/keys/${encodeURIComponent(id)}`));
  }

  close(): Promise<void> {
    this.client.close();
    return Promise.resolve();
  }
}

async function told<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof ServiceUnreachable) throw new StartFailure(error.message, { cause: error });
    if (!(error instanceof ServiceRefusal)) throw error;
    const why = fieldsIn(error.details).map(({ field, reason }) => `${field} ${reason}`);
    throw new StartFailure([error.message, ...why].join('; '), { cause: error });
  }
}

interface Field {
  readonly field: unknown;
  readonly reason: unknown;
}

function fieldsIn(details: unknown): readonly { readonly field: string; readonly reason: string }[] {
  if (!Array.isArray(details)) return [];
  return details.flatMap((each: Field) =>
    typeof each.field === 'string' && typeof each.reason === 'string'
      ? [{ field: each.field, reason: each.reason }]
      : [],
  );
}
