import type { RateLimits } from '../../service-core';

/**
 * What one caller may still ask: a token bucket of a minute's requests, refilled steadily, and one of a burst,
 * refilled each second. Beside them, a bucket of refusals: while there are some left, the writes of lease holders cost
 * nothing, and a flood of writes by somebody who holds nothing comes to be limited like everything else.
 * Times are in milliseconds of one monotonic clock. Source: behaviour.md 10.
 */
export class Allowance {
  private steady: number;
  private burst: number;
  private patience: number;

  constructor(
    private readonly limits: RateLimits,
    private refilledAt: number,
  ) {
    this.steady = limits.requestsPerMinute;
    this.burst = limits.burstSize;
    this.patience = limits.requestsPerMinute;
  }

  /** Gives back what time has earned. To be called before anything else is asked. */
  refill(now: number): void {
    const seconds = (now - this.refilledAt) / 1000;
    if (seconds <= 0) return;
    const { requestsPerMinute, burstSize } = this.limits;
    this.refilledAt = now;
    this.steady = Math.min(requestsPerMinute, this.steady + (seconds * requestsPerMinute) / 60);
    this.burst = Math.min(burstSize, this.burst + seconds * burstSize);
    this.patience = Math.min(requestsPerMinute, this.patience + (seconds * requestsPerMinute) / 60);
  }

  /** Spends a request. @returns false when none is left, and nothing was spent */
  take(): boolean {
    const { requestsPerMinute, burstSize } = this.limits;
    if ((requestsPerMinute > 0 && this.steady < 1) || (burstSize > 0 && this.burst < 1)) return false;
    this.steady = Math.max(0, this.steady - 1);
    this.burst = Math.max(0, this.burst - 1);
    return true;
  }

  /** Whether a holder's write is still believed to be one. */
  get isPatient(): boolean {
    return this.limits.requestsPerMinute === 0 || this.patience >= 1;
  }

  /** Counts refusals of holders' writes. */
  tryPatience(refusals = 1): void {
    this.patience = Math.max(0, this.patience - refusals);
  }

  /** Whole requests left of the minute. */
  get remaining(): number {
    return Math.floor(this.steady);
  }

  /** Milliseconds until the minute's bucket is full again. */
  get fullInMs(): number {
    const { requestsPerMinute } = this.limits;
    return requestsPerMinute === 0 ? 0 : ((requestsPerMinute - this.steady) / requestsPerMinute) * 60_000;
  }

  /** Whole seconds until a request is let through again, at least 1. */
  get retryAfterSeconds(): number {
    const { requestsPerMinute, burstSize } = this.limits;
    const steady = requestsPerMinute > 0 ? ((1 - this.steady) * 60) / requestsPerMinute : 0;
    const burst = burstSize > 0 ? (1 - this.burst) / burstSize : 0;
    return Math.max(1, Math.ceil(Math.max(steady, burst)));
  }
}
