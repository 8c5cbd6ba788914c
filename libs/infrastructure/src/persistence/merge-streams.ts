import type { Position } from '@task/application';
import type { ListedRow } from './list-plan';

/** Reads the next rows of a stream, at most `size`, behind a place or from the start. */
export type ReadChunk = (after: Position | null, size: number) => readonly ListedRow[];

const FIRST_CHUNK = 16;
const LARGEST_CHUNK = 1_024;

/** A stream that is read in pieces, each twice as large as the one before: short pages stay cheap. */
export class StreamCursor {
  private chunk: readonly ListedRow[] = [];
  private index = 0;
  private size = FIRST_CHUNK;
  private isAtEnd = false;

  constructor(
    private readonly read: ReadChunk,
    private after: Position | null,
  ) {}

  /** The row that comes next; undefined at the end. */
  get head(): ListedRow | undefined {
    if (this.index === this.chunk.length && !this.isAtEnd) this.refill();
    return this.chunk[this.index];
  }

  advance(): void {
    this.index += 1;
  }

  private refill(): void {
    this.chunk = this.read(this.after, this.size);
    this.index = 0;
    this.isAtEnd = this.chunk.length < this.size;
    this.size = Math.min(this.size * 2, LARGEST_CHUNK);
    const last = this.chunk.at(-1);
    if (last !== undefined) this.after = [0, last.created_at, last.seq];
  }
}

/** The rows of several sorted streams in one order, found as they are asked for. */
export function* mergeStreams(
  cursors: readonly StreamCursor[],
  compare: (left: ListedRow, right: ListedRow) => number,
): Generator<ListedRow> {
  for (;;) {
    let best: { readonly cursor: StreamCursor; readonly head: ListedRow } | undefined;
    for (const cursor of cursors) {
      const { head } = cursor;
      if (head !== undefined && (best === undefined || compare(head, best.head) < 0)) best = { cursor, head };
    }
    if (best === undefined) return;
    best.cursor.advance();
    yield best.head;
  }
}
