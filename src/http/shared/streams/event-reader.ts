import type { ServerResponse } from 'node:http';

/** Beats without a byte taken until a reader is given up. */
const MOST_BEATS_STUCK = 2;

/**
 * Somebody who follows events over one connection. Writes no more than the connection takes, and is given up when it
 * takes nothing for long.
 */
export class EventReader {
  private taken = 0;
  private takenBefore: number | null = null;
  private beatsStuck = 0;
  private isOver = false;
  private onMove: (() => void) | null = null;

  constructor(private readonly response: ServerResponse) {
    response.once('close', () => this.end());
    response.on('drain', () => this.onMove?.());
  }

  /** Whether there is anybody to write for. */
  get isThere(): boolean {
    return !this.isOver && !this.response.destroyed;
  }

  /** Nothing more is written to it. */
  end(): void {
    this.isOver = true;
    this.onMove?.();
  }

  /** Writes a piece, and comes back when there is room for another one, or nobody to write for. */
  async write(text: string): Promise<void> {
    const hasRoom = this.response.write(text, () => {
      this.taken += 1;
    });
    while (!hasRoom && this.isThere && this.response.writableNeedDrain) await this.move();
  }

  /**
   * Waits to be called, or until there is nobody to write for.
   * @param call is given what is to be called, and gives back how to call that off
   */
  async sleep(call: (wake: () => void) => () => void): Promise<void> {
    if (!this.isThere) return;
    const moved = this.move();
    const cancel = call(() => this.onMove?.());
    await moved;
    cancel();
  }

  /** To be called at each beat of a steady clock: shows that the stream lives, or gives up a reader that is stuck. */
  beat(comment: string): void {
    if (!this.isThere || !this.response.headersSent) return;
    if (this.response.writableLength === 0) {
      this.takenBefore = null;
      this.response.write(comment);
    } else if (this.takenBefore !== this.taken) {
      this.takenBefore = this.taken;
      this.beatsStuck = 0;
    } else {
      this.beatsStuck += 1;
      if (this.beatsStuck >= MOST_BEATS_STUCK) this.response.destroy();
    }
  }

  private move(): Promise<void> {
    return new Promise((resolve) => {
      this.onMove = () => {
        this.onMove = null;
        resolve();
      };
    });
  }
}
