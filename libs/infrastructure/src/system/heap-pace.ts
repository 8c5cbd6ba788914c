import type { Timers } from '@task/application';
import type { Growth, Heap, Work } from './heap';

const STEP_MS = 1000;
/**
 * Shares of the time. Neither tells alone how much there is to do: with few processors for many programs a little work
 * keeps the event loop from coming to rest, and all the work there is gets it little of a processor.
 */
const BUSY = { active: 0.5, used: 0.2 } as const;
const CALM = { active: 0.3, used: 0.15 } as const;
/** Between two bursts of the same work nothing is given back. */
const CALM_MS = 30_000;
/**
 * With so much taken it is not the load of small requests that fills the old generation, but large ones: then garbage
 * takes more memory than looking for it takes time.
 */
const LARGE_BYTES = 80 * 1024 * 1024;

/**
 * Lets the heap grow while there is much to do, and gives memory back when that is over. What a hundred requests in
 * flight hold has to fit into the young generation, or the collector takes a fifth of the time; a few at a time need
 * 8 MB where those need 32.
 */
export class HeapPace {
  private cancel: (() => void) | null = null;
  private growth: Growth = 'none';
  private worked: Work = { usedMs: 0, activeMs: 0 };
  private sinceMs = 0;
  private calmMs = 0;

  constructor(
    private readonly heap: Heap,
    private readonly timers: Timers,
    private readonly letGrow: (growth: Growth) => void,
  ) {}

  start(): void {
    this.letGrow(this.growth);
    this.look();
  }

  stop(): void {
    this.cancel?.();
    this.cancel = null;
  }

  private look(): void {
    this.worked = this.heap.worked();
    this.sinceMs = this.timers.monotonic();
    this.cancel = this.timers.after(STEP_MS, () => {
      this.pace();
      this.look();
    });
  }

  private pace(): void {
    const elapsedMs = this.timers.monotonic() - this.sinceMs;
    const { usedMs, activeMs } = this.heap.worked();
    const used = (usedMs - this.worked.usedMs) / elapsedMs;
    const active = (activeMs - this.worked.activeMs) / elapsedMs;
    this.calmMs = active < CALM.active || used < CALM.used ? this.calmMs + elapsedMs : 0;
    const hadGrown = this.growth !== 'none';
    const isCalm = this.calmMs >= CALM_MS;
    const mayGrow = hadGrown ? !isCalm : active >= BUSY.active && used >= BUSY.used;
    this.allow(mayGrow ? this.room() : 'none');
    if (hadGrown && !mayGrow) this.heap.shrink();
  }

  private room(): Growth {
    return this.heap.taken() > LARGE_BYTES ? 'young' : 'both';
  }

  private allow(growth: Growth): void {
    if (growth === this.growth) return;
    this.growth = growth;
    this.letGrow(growth);
  }
}
