import { MemoryGauge, MemoryGuard, type MemoryReading } from '@task/application';

/** Memory that is as full as a test says. */
export class ToldMemory extends MemoryGauge {
  constructor(public readings: readonly MemoryReading[] = []) {
    super();
  }

  reclaimed = 0;
  /** What becomes of it. */
  onReclaim: () => void = () => undefined;

  override reclaim(): void {
    this.reclaimed += 1;
    this.onReclaim();
  }

  override read(): readonly MemoryReading[] {
    return this.readings;
  }

  /** Uses this share of the heap from now on. */
  fill(share: number): void {
    this.readings = [{ of: 'heap', usedBytes: share * 1_000_000, limitBytes: 1_000_000 }];
  }
}

/** Lets everything in, or nothing. */
export function memoryGuard(share = 0): MemoryGuard {
  const gauge = new ToldMemory();
  gauge.fill(share);
  return new MemoryGuard(gauge, { maxMemoryShare: 0.85 }, { monotonic: () => 0 });
}
