import type { PresentedKey } from '@task/application';
import { ROLES, type Role } from '@task/domain';
import { InMemoryKeyStore } from '@task/infrastructure';
import { uuid } from './counted-ids';

/** A store of keys in memory that also takes the name of each role for the secret of a key with that role. */
export class RoleKeys extends InMemoryKeyStore {
  override async find(secret: string): Promise<PresentedKey | null> {
    const role = ROLES.find((candidate) => candidate === secret);
    return role === undefined ? super.find(secret) : roleKey(role);
  }
}

function roleKey(role: Role): PresentedKey {
  const id = uuid(0xb0_0000 + ROLES.indexOf(role));
  return { id, name: `${role}-key`, roles: [role], expiresAt: null, requestsPerMinute: null };
}
