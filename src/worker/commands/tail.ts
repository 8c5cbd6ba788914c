/** Keeps the end of what is written: the last lines are those that say why. */
export class Tail {
  private kept = Buffer.alloc(0);
  private isCut = false;

  constructor(private readonly maxBytes: number) {}

  write(chunk: Buffer): void {
    const all = Buffer.concat([this.kept, chunk]);
    this.isCut ||= all.length > this.maxBytes;
    this.kept = all.subarray(-this.maxBytes);
  }

  /** The end, with a mark where something is missing before it. */
  text(): string {
    return `${this.isCut ? '…' : ''}${this.kept.toString('utf8').trim()}`;
  }
}
