import { isExpired, isMistypedKey, type EpochMs, type Principal } from '@task/domain';
import type { Clock } from '../ports/clock';
import type { KeyStore, PresentedKey } from '../ports/key-store';

/** How often a key's last use is written down at most. */
const NOTED_EVERY_MS = 60_000;

interface Known {
  readonly principal: Principal;
  /** Null for the operator's own key, which is in no store. */
  readonly key: PresentedKey | null;
}

/**
 * Finds out who presents a secret. Secrets that were good are remembered, until any key is made or revoked, or theirs
 * expires: there are never more of them than keys. Wrong ones leave nothing.
 */
export class AuthenticateCaller {
  private readonly known = new Map<string, Known>();
  /** When the use of a key was noted last, by its id. */
  private readonly noted = new Map<string, EpochMs>();
  /** Counts the times that keys have changed: what was asked before such a time is not remembered after it. */
  private changes = 0;

  /**
   * @param keys    where keys live
   * @param isConfigured whether a secret is the operator's `API_SECRET_KEY`, found without a timing difference
   */
  constructor(
    private readonly keys: KeyStore,
    private readonly isConfigured: (secret: string) => boolean,
    private readonly clock: Clock,
  ) {
    keys.watch(() => this.forget());
  }

  /** Who it is, or null. @throws StoreUnavailable */
  async execute(secret: string): Promise<Principal | null> {
    const known = this.known.get(secret) ?? (await this.identify(secret));
    if (known === null) return null;
    const { key, principal } = known;
    if (key === null) return principal;
    const now = this.clock.now();
    if (isExpired(key, now)) {
      this.known.delete(secret);
      return null;
    }
    if (now - (this.noted.get(key.id) ?? -Infinity) >= NOTED_EVERY_MS) this.noteUse(key.id, now);
    return principal;
  }

  private async identify(secret: string): Promise<Known | null> {
    if (this.isConfigured(secret)) return this.remember(secret, OPERATORS);
    if (isMistypedKey(secret)) return null;
    const { changes } = this;
    const key = await this.keys.find(secret);
    if (key === null) return null;
    const known = { principal: principalOf(key), key };
    return changes === this.changes ? this.remember(secret, known) : known;
  }

  private remember(secret: string, known: Known): Known {
    this.known.set(secret, known);
    return known;
  }

  private forget(): void {
    this.changes += 1;
    this.known.clear();
  }

  /** Beside the request: whether it can be written down makes no difference to the caller. */
  private noteUse(id: string, now: EpochMs): void {
    this.noted.set(id, now);
    this.keys.noteUse(id).catch(() => undefined);
  }
}

const OPERATORS: Known = { principal: { name: 'admin', roles: ['admin'] }, key: null };

function principalOf({ name, roles, requestsPerMinute }: PresentedKey): Principal {
  return { name, roles, ...(requestsPerMinute !== null && { requestsPerMinute }) };
}
