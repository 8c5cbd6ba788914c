import type { Principal } from '@task/domain';

/**
 * Whose keys were good when they were last asked for. This lets nobody in: it tells, before a key is looked up, in
 * whose name its request is limited, so that who has a key is not slowed by those at the same address who have none.
 */
export class KnownCallers {
  private readonly callers = new Map<string, Principal>();

  constructor(private readonly capacity: number) {}

  of(secret: string): Principal | null {
    return this.callers.get(secret) ?? null;
  }

  /** Keeps what was found out about a key. */
  note(secret: string, caller: Principal | null): void {
    if (caller === null) {
      this.callers.delete(secret);
      return;
    }
    if (this.callers.size >= this.capacity && !this.callers.has(secret)) this.callers.clear();
    this.callers.set(secret, caller);
  }
}
