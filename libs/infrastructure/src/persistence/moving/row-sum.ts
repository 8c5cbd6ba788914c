import { hash } from 'node:crypto';
import type { MovedRow } from './moved-tables';

/** A checksum of rows that does not depend on their order, since databases sort text each in its own way. */
export class RowSum {
  private readonly sum = Buffer.alloc(32);
  /** How many rows it is of. */
  rows = 0;

  add(row: MovedRow): void {
    const digest = hash('sha256', JSON.stringify(row), 'buffer');
    // Of rows that differ by their keys no two digests take each other away.
    for (let at = 0; at < digest.length; at += 4) {
      this.sum.writeInt32LE(this.sum.readInt32LE(at) ^ digest.readInt32LE(at), at);
    }
    this.rows += 1;
  }

  equals(other: RowSum): boolean {
    return this.rows === other.rows && this.sum.equals(other.sum);
  }
}
