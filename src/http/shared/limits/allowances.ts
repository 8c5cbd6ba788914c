import { MINUTE_MS, type BucketSizes } from './allowance';

/** What refills with time. */
interface Refilled {
  refill(sizes: BucketSizes, now: number): void;
}

/** The allowances of so many callers, by name. The oldest is forgotten for a new one: it starts anew with a full bucket. */
export class Allowances<T extends Refilled> {
  private readonly known = new Map<string, T>();

  /** @param make of a caller that is new */
  constructor(
    private readonly capacity: number,
    private readonly make: (name: string, now: number, periodMs: number) => T,
  ) {}

  /** The refilled allowance of a caller. @param periodMs how long its requests are meant to last, of a caller that is new */
  of(name: string, sizes: BucketSizes, now: number, periodMs = MINUTE_MS): T {
    const allowance = this.known.get(name) ?? this.add(name, this.make(name, now, periodMs));
    allowance.refill(sizes, now);
    return allowance;
  }

  private add(name: string, allowance: T): T {
    if (this.known.size >= this.capacity) this.forgetOldest();
    this.known.set(name, allowance);
    return allowance;
  }

  private forgetOldest(): void {
    const oldest = this.known.keys().next();
    if (oldest.done !== true) this.known.delete(oldest.value);
  }
}
