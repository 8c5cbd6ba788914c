const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Waits to be told to stop. Whoever says it twice means at once. */
export class StopSignals {
  /** The first signal. */
  readonly first: Promise<NodeJS.Signals>;

  constructor(onSecond: (signal: NodeJS.Signals) => void) {
    const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
    this.first = promise;
    let seen = 0;
    for (const signal of SIGNALS) {
      process.on(signal, () => {
        seen += 1;
        if (seen > 1) onSecond(signal);
        else resolve(signal);
      });
    }
  }
}
