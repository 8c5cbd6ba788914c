import type { Principal } from '@task/domain';

/** Where API keys live. A key is kept as its SHA-256 only: nobody can read it back. */
export abstract class KeyStore {
  /** Who presents this secret, or null for nobody known. Takes as long for a wrong key as for a right one. */
  abstract find(secret: string): Promise<Principal | null>;

  /** Stores a key under its name. @returns false when some key is there already, and nothing was stored */
  abstract addFirst(secret: string, principal: Principal): Promise<boolean>;
}
