import { Timers } from '@task/application';
import type { FixedClock } from './fixed-clock';

interface Timer {
  readonly at: number;
  readonly callback: () => void;
}

/** Timers that go off when a test says that time has passed. */
export class ManualTimers extends Timers {
  private time = 0;
  private readonly timers = new Set<Timer>();

  /** @param clock goes along with the timers, as clocks do; can still be set apart from them */
  constructor(private readonly clock?: FixedClock) {
    super();
  }

  override monotonic(): number {
    return this.time;
  }

  override after(ms: number, callback: () => void): () => void {
    const timer = { at: this.time + ms, callback };
    this.timers.add(timer);
    return () => this.timers.delete(timer);
  }

  /** How many are set. */
  get count(): number {
    return this.timers.size;
  }

  /** Lets time pass: each timer goes off at its own time, and all that follows from it happens before the next. */
  async advance(ms: number): Promise<void> {
    const end = this.time + ms;
    await allThatFollows();
    for (let next = this.next(end); next !== undefined; next = this.next(end)) {
      this.standStill(next.at - this.time);
      await this.fire(next);
    }
    this.standStill(end - this.time);
  }

  /** Lets time pass while the process stands still: timers go off at its end, late. */
  async pause(ms: number): Promise<void> {
    this.standStill(ms);
    await this.advance(0);
  }

  /** Time passes, and nothing goes off yet. */
  standStill(ms: number): void {
    if (ms <= 0) return;
    this.time += ms;
    this.clock?.advance(ms);
  }

  private next(until: number): Timer | undefined {
    const due = [...this.timers].filter(({ at }) => at <= until);
    return due.sort((left, right) => left.at - right.at)[0];
  }

  private async fire(timer: Timer): Promise<void> {
    this.timers.delete(timer);
    timer.callback();
    await allThatFollows();
  }
}

/** Comes back when no promise has anything left to do, except wait for the outside. */
export async function allThatFollows(): Promise<void> {
  await new Promise(setImmediate);
}
