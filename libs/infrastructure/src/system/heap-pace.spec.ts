import { ManualTimers } from '../../../../test/support/manual-timers';
import type { Growth, Heap, Work } from './heap';
import { HeapPace } from './heap-pace';

/** Shares of the time. */
interface Share {
  readonly used: number;
  readonly active: number;
}

const QUIET = { used: 0.12, active: 0.15 };
const FULL = { used: 0.9, active: 0.95 };

/** A heap whose process has as much to do as a test says. */
class ToldHeap implements Heap {
  growth: Growth = 'both';
  takenMb = 60;
  shrunk = 0;
  private share: Share = { used: 0, active: 0 };
  private work: Work = { usedMs: 0, activeMs: 0 };
  private last = 0;

  constructor(private readonly timers: ManualTimers) {}

  /** From now on. */
  does(share: Share): void {
    this.work = this.worked();
    this.share = share;
  }

  worked(): Work {
    const elapsed = this.timers.monotonic() - this.last;
    this.last = this.timers.monotonic();
    const { usedMs, activeMs } = this.work;
    const { used, active } = this.share;
    this.work = { usedMs: usedMs + used * elapsed, activeMs: activeMs + active * elapsed };
    return this.work;
  }

  taken(): number {
    return this.takenMb * 1024 * 1024;
  }

  shrink(): void {
    this.shrunk += 1;
  }
}

describe('the pace of the heap', () => {
  let timers: ManualTimers;
  let heap: ToldHeap;
  let pace: HeapPace;

  beforeEach(() => {
    timers = new ManualTimers();
    heap = new ToldHeap(timers);
    pace = new HeapPace(heap, timers, (growth) => {
      heap.growth = growth;
    });
    pace.start();
  });

  const live = async (share: Share, ms: number): Promise<void> => {
    heap.does(share);
    await timers.advance(ms);
  };

  it('does not let the heap grow for the little that a quiet service does', async () => {
    await live(QUIET, 600_000);
    expect(heap).toMatchObject({ growth: 'none', shrunk: 0 });
  });

  it('lets it grow as soon as there is much to do', async () => {
    await live(FULL, 1000);
    expect(heap.growth).toBe('both');
  });

  it('takes a machine that others keep busy neither for much to do nor for little', async () => {
    await live({ used: 0.12, active: 0.9 }, 600_000);
    expect(heap.growth).toBe('none');
    await live({ used: 0.3, active: 0.95 }, 1000);
    expect(heap.growth).toBe('both');
  });

  it('keeps the old generation small while there is much in it', async () => {
    await live(FULL, 5000);
    heap.takenMb = 200;
    await live(FULL, 1000);
    expect(heap).toMatchObject({ growth: 'young', shrunk: 0 });
    heap.takenMb = 60;
    await live(FULL, 1000);
    expect(heap.growth).toBe('both');
  });

  it('gives memory back once, half a minute after that is over', async () => {
    await live(FULL, 10_000);
    await live(QUIET, 29_000);
    expect(heap).toMatchObject({ growth: 'both', shrunk: 0 });
    await live(QUIET, 60_000);
    expect(heap).toMatchObject({ growth: 'none', shrunk: 1 });
  });

  it('gives nothing back between two bursts', async () => {
    for (let burst = 0; burst < 10; burst += 1) {
      await live(FULL, 5000);
      await live(QUIET, 20_000);
    }
    expect(heap).toMatchObject({ growth: 'both', shrunk: 0 });
  });

  it('looks no more when it is stopped', () => {
    pace.stop();
    expect(timers.count).toBe(0);
  });
});
