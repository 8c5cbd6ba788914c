import { createHash } from 'node:crypto';
import { KeyStore } from '@task/application';
import type { Principal } from '@task/domain';

/** Keeps API keys in the memory of one process. */
export class InMemoryKeyStore extends KeyStore {
  private readonly principals = new Map<string, Principal>();

  override async find(secret: string): Promise<Principal | null> {
    await Promise.resolve();
    return this.principals.get(digestOf(secret)) ?? null;
  }

  override async addFirst(secret: string, principal: Principal): Promise<boolean> {
    await Promise.resolve();
    if (this.principals.size > 0) return false;
    this.principals.set(digestOf(secret), { name: principal.name, roles: [...principal.roles] });
    return true;
  }
}

function digestOf(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}
