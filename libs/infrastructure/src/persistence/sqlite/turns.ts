import { setImmediate } from 'node:timers/promises';

/** Long enough that most reads end within one, short enough that claims do not notice. */
const TURN_MS = 4;
/** Looking at the clock costs as much as a few rows. */
const ROWS_BETWEEN_LOOKS = 64;

/** Cuts what takes long on the event loop into turns, so that everybody else gets theirs in between. */
export class Turns {
  private rows = 0;
  private begun: number;

  constructor(private readonly monotonic: () => number = () => performance.now()) {
    this.begun = monotonic();
  }

  /** To be asked at every row. */
  get isOver(): boolean {
    this.rows += 1;
    return this.rows % ROWS_BETWEEN_LOOKS === 0 && this.monotonic() - this.begun >= TURN_MS;
  }

  /** Lets everybody else go on. */
  async pass(): Promise<void> {
    await setImmediate();
    this.begun = this.monotonic();
  }
}
