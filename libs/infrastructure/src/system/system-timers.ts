import { Timers } from '@task/application';

/** The process's own timers; none of them keeps it alive. */
export class SystemTimers extends Timers {
  override monotonic(): number {
    return performance.now();
  }

  override after(ms: number, callback: () => void): () => void {
    const timer = setTimeout(callback, ms).unref();
    return () => {
      clearTimeout(timer);
    };
  }
}
