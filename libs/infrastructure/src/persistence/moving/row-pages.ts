import type { MovedRow, MovedTable } from './moved-tables';
import { keyOf, type MovingSide } from './moving-side';

const ROWS_AT_MOST = 2_000;
const ROWS_AT_FIRST = 100;
/** About so much text is held at once. */
const CHARACTERS = 4 * 1024 * 1024;

/** The rows of a table in pages, from a place on: of large rows fewer. */
export async function* pagesOf(
  side: MovingSide,
  table: MovedTable,
  from: MovedRow | null = null,
): AsyncGenerator<readonly MovedRow[]> {
  let after = from;
  for (let limit = ROWS_AT_FIRST; ;) {
    const rows = await side.read(table, after, limit);
    const last = rows.at(-1);
    if (last === undefined) return;
    yield rows;
    if (rows.length < limit) return;
    after = keyOf(table, last);
    const each = Math.max(1, charactersIn(rows) / rows.length);
    limit = Math.ceil(Math.min(ROWS_AT_MOST, limit * 4, CHARACTERS / each));
  }
}

function charactersIn(rows: readonly MovedRow[]): number {
  let sum = 0;
  for (const row of rows) for (const value of row) sum += typeof value === 'string' ? value.length : 8;
  return sum;
}
