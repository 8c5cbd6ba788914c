/** Lets so many in at a time; whoever comes later waits in line. */
export class Semaphore {
  private readonly line: (() => void)[] = [];
  private taken = 0;

  constructor(readonly size: number) {}

  /** Places that nobody has, and nobody waits for. */
  get free(): number {
    return Math.max(0, this.size - this.taken - this.line.length);
  }

  get isUnused(): boolean {
    return this.taken === 0 && this.line.length === 0;
  }

  /** Waits for a place. @returns gives it back. @throws the signal's reason when it is aborted before */
  async enter(signal: AbortSignal): Promise<() => void> {
    signal.throwIfAborted();
    if (this.taken < this.size) this.taken += 1;
    else await this.turn(signal);
    let isIn = true;
    return () => {
      if (isIn) this.leave();
      isIn = false;
    };
  }

  private turn(signal: AbortSignal): Promise<undefined> {
    const { promise, resolve, reject } = Promise.withResolvers<undefined>();
    const come = (): void => {
      signal.removeEventListener('abort', giveUp);
      resolve(undefined);
    };
    const giveUp = (): void => {
      this.line.splice(this.line.indexOf(come), 1);
      reject(signal.reason as Error);
    };
    this.line.push(come);
    signal.addEventListener('abort', giveUp, { once: true });
    return promise;
  }

  /** The place goes straight to the next in line. */
  private leave(): void {
    const next = this.line.shift();
    if (next === undefined) this.taken -= 1;
    else next();
  }
}
