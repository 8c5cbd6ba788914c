import { Timers } from '@task/application';

/** Timers that keep the process alive: a worker that waits for its service has nothing else that does. */
export class ProcessTimers extends Timers {
  override monotonic(): number {
    return performance.now();
  }

  override after(ms: number, callback: () => void): () => void {
    const timer = setTimeout(callback, ms);
    return () => clearTimeout(timer);
  }
}
