import type { Position } from '@task/application';
import fc from 'fast-check';
import type { ListedRow } from './list-plan';
import { mergeStreams, StreamCursor } from './merge-streams';

const rowOf = (seq: number): ListedRow => ({ seq, created_at: seq, status: 0, rank: 5, group_id: 1 });
const bySeq = (left: ListedRow, right: ListedRow): number => left.seq - right.seq;

/** A stream of the given numbers that writes down how it is read. */
function streamOf(seqs: readonly number[]): {
  readonly reads: { after: Position | null; size: number }[];
  readonly cursorFrom: (after: Position | null) => StreamCursor;
} {
  const reads: { after: Position | null; size: number }[] = [];
  return {
    reads,
    cursorFrom: (start) =>
      new StreamCursor((after, size) => {
        reads.push({ after, size });
        const first = after === null ? 0 : seqs.findIndex((seq) => seq > (after[2] ?? 0));
        return first === -1 ? [] : seqs.slice(first, first + size).map(rowOf);
      }, start),
  };
}

describe('StreamCursor', () => {
  it('reads nothing before it is asked', () => {
    const { reads, cursorFrom } = streamOf([1, 2]);
    cursorFrom(null);
    expect(reads).toEqual([]);
  });

  it('reads pieces that grow, each from behind the last row of the one before', () => {
    const { reads, cursorFrom } = streamOf(Array.from({ length: 60 }, (_, index) => index + 1));
    const cursor = cursorFrom(null);
    for (let seq = 1; seq < 50; seq += 1) {
      expect(cursor.head?.seq).toBe(seq);
      cursor.advance();
    }
    expect(cursor.head?.seq).toBe(50);
    expect(reads).toEqual([
      { after: null, size: 16 },
      { after: [0, 16, 16], size: 32 },
      { after: [0, 48, 48], size: 64 },
    ]);
  });

  it('begins behind the place that it is given', () => {
    const { reads, cursorFrom } = streamOf([1, 2, 3]);
    expect(cursorFrom([0, 2, 2]).head?.seq).toBe(3);
    expect(reads).toEqual([{ after: [0, 2, 2], size: 16 }]);
  });

  it('does not ask again behind its end', () => {
    const { reads, cursorFrom } = streamOf([1]);
    const cursor = cursorFrom(null);
    expect(cursor.head?.seq).toBe(1);
    cursor.advance();
    expect([cursor.head, cursor.head]).toEqual([undefined, undefined]);
    expect(reads).toHaveLength(1);
  });

  it('asks once more when the last piece was full', () => {
    const { reads, cursorFrom } = streamOf(Array.from({ length: 16 }, (_, index) => index + 1));
    const cursor = cursorFrom(null);
    for (let count = 0; count < 16; count += 1) {
      expect(cursor.head).toBeDefined();
      cursor.advance();
    }
    expect(cursor.head).toBeUndefined();
    expect(reads).toHaveLength(2);
  });
});

describe('mergeStreams', () => {
  it('gives all rows of sorted streams in one order', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.nat({ max: 5_000 }), { maxLength: 80 }), { maxLength: 6 }),
        (lists) => {
          const sorted = lists.map((list) => [...new Set(list)].sort((a, b) => a - b));
          const merged = [
            ...mergeStreams(
              sorted.map((seqs) => streamOf(seqs).cursorFrom(null)),
              bySeq,
            ),
          ];
          expect(merged.map(({ seq }) => seq)).toEqual(sorted.flat().sort((a, b) => a - b));
        },
      ),
    );
  });

  it('reads no further than it is asked', () => {
    const streams = [streamOf([1, 4, 7]), streamOf(Array.from({ length: 100 }, (_, index) => index + 10))];
    const merged = mergeStreams(
      streams.map(({ cursorFrom }) => cursorFrom(null)),
      bySeq,
    );
    expect([merged.next().value?.seq, merged.next().value?.seq]).toEqual([1, 4]);
    expect(streams.map(({ reads }) => reads.length)).toEqual([1, 1]);
  });

  it('gives nothing where there is nothing', () => {
    expect([...mergeStreams([], bySeq)]).toEqual([]);
    expect([...mergeStreams([streamOf([]).cursorFrom(null)], bySeq)]).toEqual([]);
  });
});
