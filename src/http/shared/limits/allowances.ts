import type { RateLimits } from '../../service-core';
import { Allowance } from './allowance';

/** The allowances of so many callers, by name. The oldest is forgotten for a new one: it starts anew with a full bucket. */
export class Allowances {
  private readonly known = new Map<string, Allowance>();

  constructor(
    private readonly limits: RateLimits,
    private readonly capacity: number,
  ) {}

  /** The refilled allowance of a caller. */
  of(name: string, now: number): Allowance {
    const known = this.known.get(name);
    if (known !== undefined) {
      known.refill(now);
      return known;
    }
    this.makeRoom();
    const fresh = new Allowance(this.limits, now);
    this.known.set(name, fresh);
    return fresh;
  }

  private makeRoom(): void {
    if (this.known.size < this.capacity) return;
    const oldest = this.known.keys().next();
    if (oldest.done !== true) this.known.delete(oldest.value);
  }
}
