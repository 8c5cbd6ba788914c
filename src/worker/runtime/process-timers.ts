import { Timers } from '@task/application';

/** The longest that Node can wait at once, about 25 days; what is longer would be over at once. */
const LONGEST_MS = 2 ** 31 - 1;

/** Timers that keep the process alive: a worker that waits for its service has nothing else that does. */
export class ProcessTimers extends Timers {
  override monotonic(): number {
    return performance.now();
  }

  override after(ms: number, callback: () => void): () => void {
    let timer: NodeJS.Timeout;
    const wait = (leftMs: number): void => {
      timer =
        leftMs > LONGEST_MS
          ? setTimeout(() => wait(leftMs - LONGEST_MS), LONGEST_MS)
          : setTimeout(callback, leftMs);
    };
    wait(ms);
    return () => clearTimeout(timer);
  }
}
