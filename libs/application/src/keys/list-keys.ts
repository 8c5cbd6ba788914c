import type { ApiKey } from '@task/domain';
import type { KeyListRequest, KeyStore } from '../ports/key-store';

/** Lists keys, without their secrets. */
export class ListKeys {
  constructor(private readonly keys: KeyStore) {}

  /** In the order in which they were made. @throws StoreUnavailable */
  execute(request: KeyListRequest): Promise<{ keys: readonly ApiKey[]; total: number }> {
    return this.keys.list(request);
  }
}
