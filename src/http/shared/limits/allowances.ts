import { Allowance, type BucketSizes } from './allowance';

/** The allowances of so many callers, by name. The oldest is forgotten for a new one: it starts anew with a full bucket. */
export class Allowances {
  private readonly known = new Map<string, Allowance>();

  constructor(private readonly capacity: number) {}

  /** The refilled allowance of a caller. @param periodMs see {@link Allowance}, of a caller that is new */
  of(name: string, sizes: BucketSizes, now: number, periodMs?: number): Allowance {
    const allowance = this.known.get(name) ?? this.add(name, new Allowance(now, periodMs));
    allowance.refill(sizes, now);
    return allowance;
  }

  private add(name: string, allowance: Allowance): Allowance {
    if (this.known.size >= this.capacity) this.forgetOldest();
    this.known.set(name, allowance);
    return allowance;
  }

  private forgetOldest(): void {
    const oldest = this.known.keys().next();
    if (oldest.done !== true) this.known.delete(oldest.value);
  }
}
