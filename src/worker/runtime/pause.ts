import type { Timers } from '@task/application';

/** Waits so long, or until the signal is aborted; says nothing about which. */
export function pause(timers: Timers, ms: number, signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const end = (): void => {
      cancel();
      signal.removeEventListener('abort', end);
      resolve();
    };
    const cancel = timers.after(ms, end);
    signal.addEventListener('abort', end, { once: true });
  });
}

/** Waits for a promise, but not longer than this. @returns whether it ended in time */
export function within(timers: Timers, ms: number, work: Promise<unknown>): Promise<boolean> {
  return new Promise((resolve) => {
    const cancel = timers.after(ms, () => resolve(false));
    const end = (): void => {
      cancel();
      resolve(true);
    };
    void work.then(end, end);
  });
}
