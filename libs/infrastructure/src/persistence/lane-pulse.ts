import { Buckets, QUICK_SECONDS, type Pulse } from '@task/application';

const GROUP_SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256] as const;

/** How a lane goes on: since when somebody waits for it, and how large and how slow its groups are. */
export class LanePulse implements Pulse {
  /** Commands that ran in one transaction. */
  readonly groupSizes = new Buckets(GROUP_SIZES);
  /** How long such a transaction took, s. */
  readonly groupSeconds = new Buckets(QUICK_SECONDS);
  /** Since when the lane has to bring something to an end, on the monotonic clock; null while it is idle. */
  private owedSince: number | null = null;
  private begunAt = 0;
  private lastMs: number | null = null;

  constructor(private readonly monotonic: () => number) {}

  /** How long it has finished nothing, though somebody waits. */
  get behindMs(): number {
    return this.owedSince === null ? 0 : this.monotonic() - this.owedSince;
  }

  get lastTurnMs(): number | null {
    return this.lastMs;
  }

  /** Somebody waits for a command. */
  wanted(): void {
    this.owedSince ??= this.monotonic();
  }

  /** A group begins. */
  begin(): void {
    this.begunAt = this.monotonic();
  }

  /** A group is answered. @param waiting commands that came meanwhile */
  end(size: number, waiting: number): void {
    const now = this.monotonic();
    this.owedSince = waiting > 0 ? now : null;
    if (size === 0) return;
    this.lastMs = now - this.begunAt;
    this.groupSizes.observe(size);
    this.groupSeconds.observe(this.lastMs / 1000);
  }
}
