const SIGNALS = ['SIGTERM', 'SIGINT'] as const;

/** Waits to be told to stop. Whoever says it twice means at once. */
export class StopSignals {
  /** The first signal. */
  readonly first: Promise<NodeJS.Signals>;
  private readonly onSignal: (signal: NodeJS.Signals) => void;

  constructor(onSecond: (signal: NodeJS.Signals) => void) {
    const { promise, resolve } = Promise.withResolvers<NodeJS.Signals>();
    this.first = promise;
    let seen = 0;
    this.onSignal = (signal) => {
      seen += 1;
      if (seen > 1) onSecond(signal);
      else resolve(signal);
    };
    for (const signal of SIGNALS) process.on(signal, this.onSignal);
  }

  /** Waits no more: the next signal ends the process, as it would have without this. */
  close(): void {
    for (const signal of SIGNALS) process.off(signal, this.onSignal);
  }
}
