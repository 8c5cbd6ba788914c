/** May give a promise of its end. */
type Close = () => unknown;

/** Whatever was opened, to be closed in the opposite order, also when opening stopped half-way. */
export class Closers {
  private readonly closes: Close[] = [];

  add(close: Close): void {
    this.closes.push(close);
  }

  /** Closes everything, each once; what fails does not keep the others open. @throws the first failure */
  async close(): Promise<void> {
    const failures: unknown[] = [];
    for (let next = this.closes.pop(); next !== undefined; next = this.closes.pop()) {
      try {
        await next();
      } catch (error) {
        failures.push(error);
      }
    }
    if (failures.length > 0) throw failures[0];
  }
}
