/** Counts values by size: cheap enough for every request. */
export class Buckets {
  private readonly counted: number[];
  private total = 0;
  private all = 0;

  /** @param bounds upper bounds, each included in its own bucket, smallest first; larger values are counted beyond them */
  constructor(readonly bounds: readonly number[]) {
    this.counted = bounds.map(() => 0);
  }

  observe(value: number): void {
    this.all += 1;
    this.total += value;
    const { bounds } = this;
    let index = 0;
    while (index < bounds.length && value > (bounds[index] ?? Infinity)) index += 1;
    if (index < bounds.length) this.counted[index] = (this.counted[index] ?? 0) + 1;
  }

  /** How many there were. */
  get count(): number {
    return this.all;
  }

  /** All of them together. */
  get sum(): number {
    return this.total;
  }

  /** Of each bound, how many did not exceed it. */
  cumulated(): readonly { readonly bound: number; readonly count: number }[] {
    let count = 0;
    return this.bounds.map((bound, index) => {
      count += this.counted[index] ?? 0;
      return { bound, count };
    });
  }
}

/** Bounds for what takes from a millisecond to ten seconds. */
export const QUICK_SECONDS = [
  0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
] as const;
/** Bounds for what takes from a tenth of a second to a day. */
export const LONG_SECONDS = [0.1, 0.5, 1, 5, 15, 60, 300, 900, 3_600, 14_400, 86_400] as const;
