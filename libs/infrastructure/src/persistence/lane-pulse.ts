import {
  Buckets,
  QUICK_SECONDS,
  type Pulse,
  type StoreFault,
  type StoreUnavailable,
} from '@task/application';
import { Listeners } from '../system/listeners';

const GROUP_SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256] as const;

/** Faults that the next command meets again; what is overloaded only has much to do. */
const LASTING: readonly StoreFault[] = ['no_space', 'file_gone', 'unknown'];

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
  private lastFault: StoreUnavailable | null = null;
  private readonly listeners = new Listeners();

  constructor(private readonly monotonic: () => number) {}

  /** How long it has finished nothing, though somebody waits. */
  get behindMs(): number {
    return this.owedSince === null ? 0 : this.monotonic() - this.owedSince;
  }

  get lastTurnMs(): number | null {
    return this.lastMs;
  }

  /** What keeps the lane from writing: why its last group was not stored; null since one is again. */
  get trouble(): StoreUnavailable | null {
    return this.lastFault;
  }

  /** Calls back whenever {@link trouble} has become another one. */
  onTrouble(listener: () => void): void {
    this.listeners.add(listener);
  }

  /** A group was stored, or was not for a reason that nobody's command is. */
  stored(fault: StoreUnavailable | null): void {
    if (fault !== null && !LASTING.includes(fault.fault)) return;
    const isNew = fault?.fault !== this.lastFault?.fault;
    this.lastFault = fault;
    if (isNew) this.listeners.tell();
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
