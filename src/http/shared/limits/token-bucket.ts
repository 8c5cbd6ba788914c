/**
 * A bucket of so many tokens, which is full again after so many milliseconds. Its size may change at every use, 0 for
 * no limit: what counts is how many tokens are out, so that a bucket that grows has the more of them at once.
 */
export class TokenBucket {
  private out = 0;
  private size = 0;

  constructor(private readonly refillMs: number) {}

  /** Gives back what time has earned. */
  refill(size: number, elapsedMs: number): void {
    this.size = size;
    this.out = Math.min(size, Math.max(0, this.out - (size * elapsedMs) / this.refillMs));
  }

  /** How many tokens are out. */
  get outside(): number {
    return this.out;
  }

  /** Takes over how many tokens are out. */
  restore(out: number): void {
    this.out = Math.min(this.size, Math.max(0, out));
  }

  get hasOne(): boolean {
    return this.size === 0 || this.size - this.out >= 1;
  }

  /** Takes tokens out, as far as there are any. */
  take(tokens: number): void {
    this.out = Math.min(this.size, this.out + tokens);
  }

  /** Puts a token back that was not needed. */
  putBack(): void {
    this.out = Math.max(0, this.out - 1);
  }

  /** Whole tokens that are left. */
  get left(): number {
    return Math.floor(this.size - this.out);
  }

  /** Milliseconds until the bucket is full. */
  get fullInMs(): number {
    return this.size === 0 ? 0 : (this.out / this.size) * this.refillMs;
  }

  /** Milliseconds until there is a whole token. */
  get nextInMs(): number {
    return this.size === 0 ? 0 : Math.max(0, ((1 - this.size + this.out) / this.size) * this.refillMs);
  }
}
