/** Calls back later; a port so that tests need not wait. */
export abstract class Timers {
  /** Milliseconds on a clock that nobody can set. */
  abstract monotonic(): number;

  /** Calls once after so many milliseconds. Keeps no process alive. @returns cancels it */
  abstract after(ms: number, callback: () => void): () => void;
}
