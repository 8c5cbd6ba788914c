import type { Span } from '@task/application';
import { BINNED_SPANS_MS } from './roll-ups';

/** A part of a span, and the rows that hold it: those of one length. */
export interface CoverPiece extends Span {
  readonly spanMs: number;
}

const LONGEST_FIRST = Object.values(BINNED_SPANS_MS).sort((one, other) => other - one);

/** Puts a span whose ends are at full minutes together from as few days, hours and minutes as there can be. */
export function coverOf(
  { from, to }: Span,
  lengths: readonly number[] = LONGEST_FIRST,
): readonly CoverPiece[] {
  const [spanMs, ...shorter] = lengths;
  if (from >= to || spanMs === undefined) return [];
  if (shorter.length === 0) return [{ spanMs, from, to }];
  const first = Math.ceil(from / spanMs) * spanMs;
  const last = Math.floor(to / spanMs) * spanMs;
  if (first >= last) return coverOf({ from, to }, shorter);
  return [
    ...coverOf({ from, to: first }, shorter),
    { spanMs, from: first, to: last },
    ...coverOf({ from: last, to }, shorter),
  ];
}
