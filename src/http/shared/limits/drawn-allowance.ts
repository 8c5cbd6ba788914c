import { StoreUnavailable, type BucketLevels, type SharedLevels } from '@task/application';
import { Allowance, type BucketSizes } from './allowance';
import type { Spendable } from './spendable';

/** Of the minute's requests so many parts are drawn at once, and of the burst so many: no more than 5 % on four instances. */
const PARTS_OF_A_MINUTE = 100;
const PARTS_OF_A_BURST = 20;
/**
 * What was drawn and not spent goes back with the next draw after this long; not to the burst, which has filled up
 * meanwhile.
 */
const KEPT_MS = 500;

const NO_SIZES: BucketSizes = { requestsPerMinute: 0, burstSize: 0 };

interface Drawn {
  readonly tokens: number;
  readonly levels: BucketLevels;
}

/**
 * What one caller may still ask of all instances together. Requests are drawn in small lots from buckets that all of
 * them share, and spent here. While nobody can draw, this instance's share of the limits holds: an equal part of them.
 */
export class DrawnAllowance implements Spendable {
  /** This instance's part of the limits; spent along with what is drawn, so that it is there when it is needed. */
  private readonly share: Allowance;
  /** All instances' buckets, as they were seen last, and as they must have filled since. */
  private readonly seen: Allowance;
  private sizes = NO_SIZES;
  private now: number;
  private lot = 0;
  private lotAt = -Infinity;
  /** Requests that wait for the lot that is being drawn. */
  private wanted = 0;
  private isAlone = false;
  private drawing: Promise<void> | null = null;

  constructor(
    private readonly name: string,
    private readonly levels: SharedLevels,
    now: number,
    private readonly periodMs: number,
  ) {
    this.now = now;
    this.share = new Allowance(now, periodMs);
    this.seen = new Allowance(now, periodMs);
  }

  /** Gives back what time has earned. To be called before anything else is asked. */
  refill(sizes: BucketSizes, now: number): void {
    this.sizes = sizes;
    this.now = now;
    this.share.refill(partOf(sizes, this.levels.instances), now);
    this.seen.refill(sizes, now);
    if (now - this.lotAt > KEPT_MS) this.isAlone = false;
  }

  /**
   * Draws another lot where that is needed to tell whether there is a request left; null where it is known. Others may
   * have spent the lot by the time that it is here: to be asked again until it is null.
   */
  prepare(): Promise<void> | null {
    if (this.isUnlimited || this.isAlone || this.hasLot || !this.seen.hasOne) return null;
    this.wanted += 1;
    this.drawing ??= this.draw().finally(() => (this.drawing = null));
    return this.drawing;
  }

  get hasOne(): boolean {
    if (this.isUnlimited) return true;
    return this.isAlone ? this.share.hasOne : this.hasLot;
  }

  take(): boolean {
    if (!this.hasOne) return false;
    this.share.take();
    if (!this.isAlone && !this.isUnlimited) this.lot -= 1;
    return true;
  }

  putBack(): void {
    this.share.putBack();
    if (!this.isAlone && !this.isUnlimited) this.lot += 1;
  }

  get isPatient(): boolean {
    return this.share.isPatient;
  }

  tryPatience(refusals = 1): void {
    this.share.tryPatience(refusals);
  }

  get limit(): number {
    return this.sizes.requestsPerMinute;
  }

  get remaining(): number {
    return this.isAlone ? this.share.remaining : Math.min(this.limit, this.seen.remaining + this.lot);
  }

  get fullInMs(): number {
    return (this.isAlone ? this.share : this.seen).fullInMs;
  }

  get retryAfterSeconds(): number {
    return (this.isAlone ? this.share : this.seen).retryAfterSeconds;
  }

  private get hasLot(): boolean {
    return this.lot >= 1 && this.now - this.lotAt <= KEPT_MS;
  }

  private get isUnlimited(): boolean {
    return this.sizes.requestsPerMinute === 0 && this.sizes.burstSize === 0;
  }

  private async draw(): Promise<void> {
    const unspent = this.lot;
    this.lot = 0;
    try {
      const { tokens, levels } = await this.levels.change(this.name, (before, now) =>
        this.drawn(before, now, unspent),
      );
      this.lot += tokens;
      this.seen.restore(levels);
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      this.isAlone = true;
    }
    this.wanted = 0;
    this.lotAt = this.now;
  }

  private drawn(
    before: BucketLevels | null,
    now: number,
    unspent: number,
  ): { levels: BucketLevels; answer: Drawn } {
    const bucket = new Allowance(before?.at ?? now, this.periodMs);
    bucket.refill(this.sizes, before?.at ?? now);
    if (before !== null) bucket.restore(before);
    bucket.refill(this.sizes, now);
    const { steadyOut, burstOut } = bucket.levels;
    bucket.restore({ steadyOut: steadyOut - unspent, burstOut });
    let tokens = 0;
    const most = Math.max(lotOf(this.sizes), this.wanted);
    while (tokens < most && bucket.take()) tokens += 1;
    const levels = { ...bucket.levels, at: now };
    return { levels, answer: { tokens, levels } };
  }
}

function lotOf({ requestsPerMinute, burstSize }: BucketSizes): number {
  const ofMinute = requestsPerMinute === 0 ? Infinity : requestsPerMinute / PARTS_OF_A_MINUTE;
  const ofBurst = burstSize === 0 ? Infinity : burstSize / PARTS_OF_A_BURST;
  return Math.max(1, Math.floor(Math.min(ofMinute, ofBurst)));
}

/** An equal part, and one request at least: 0 would be no limit. */
function partOf({ requestsPerMinute, burstSize }: BucketSizes, instances: number): BucketSizes {
  const part = (size: number): number => (size === 0 ? 0 : Math.max(1, size / instances));
  return { requestsPerMinute: part(requestsPerMinute), burstSize: part(burstSize) };
}
