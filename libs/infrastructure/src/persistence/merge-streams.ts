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

/** The rows of several sorted streams in one order, found as they are asked for: a heap of streams by their heads. */
export function* mergeStreams(
  cursors: readonly StreamCursor[],
  compare: (left: ListedRow, right: ListedRow) => number,
): Generator<ListedRow> {
  const heap: Ahead[] = [];
  const isBefore = (left: Ahead, right: Ahead): boolean => compare(left.head, right.head) < 0;
  for (const cursor of cursors) {
    const { head } = cursor;
    if (head !== undefined) rise(heap, { cursor, head }, isBefore);
  }
  for (let first = heap[0]; first !== undefined; first = heap[0]) {
    const { cursor, head } = first;
    cursor.advance();
    yield head;
    const next = cursor.head;
    const last = next === undefined ? heap.pop() : { cursor, head: next };
    if (last !== undefined && heap.length > 0) sink(heap, last, isBefore);
  }
}

interface Ahead {
  readonly cursor: StreamCursor;
  readonly head: ListedRow;
}

type IsBefore = (left: Ahead, right: Ahead) => boolean;

/** Puts one more into the heap. */
function rise(heap: Ahead[], added: Ahead, isBefore: IsBefore): void {
  let place = heap.length;
  while (place > 0) {
    const above = (place - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || !isBefore(added, parent)) break;
    heap[place] = parent;
    place = above;
  }
  heap[place] = added;
}

/** Puts one in place of the first. */
function sink(heap: Ahead[], moved: Ahead, isBefore: IsBefore): void {
  let place = 0;
  for (;;) {
    const [left, right] = [heap[2 * place + 1], heap[2 * place + 2]];
    if (left === undefined) break;
    const isRight = right !== undefined && isBefore(right, left);
    const child = isRight ? right : left;
    if (!isBefore(child, moved)) break;
    heap[place] = child;
    place = 2 * place + (isRight ? 2 : 1);
  }
  heap[place] = moved;
}
