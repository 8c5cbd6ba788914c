import Table from 'cli-table3';
import type { Output } from './output';
import { columnsOf, fitted, oneLine } from './terminal-text';

/** A column of a table. */
export interface Column<Row> {
  readonly head: string;
  readonly of: (row: Row) => string;
  /** Of what is left beside the other columns, how much it gets at most; without it, what it needs. */
  readonly share?: number;
  /** Left out of a terminal that is too narrow, the last one first. */
  readonly isOptional?: true;
}

const GAP = 2;
/** What a column with a share gets in the narrowest terminal. */
const LEAST = 8;
/** What all of them need to be worth reading. */
const LEGIBLE = 20;
const NO_BORDERS = {
  ...{ top: '', 'top-mid': '', 'top-left': '', 'top-right': '' },
  ...{ bottom: '', 'bottom-mid': '', 'bottom-left': '', 'bottom-right': '' },
  ...{ left: '', 'left-mid': '', mid: '', 'mid-mid': '', right: '', 'right-mid': '', middle: '' },
};

/** Rows as a table on a terminal, cut to its width; elsewhere as plain columns between tabs, whole and without a head. */
export function inColumns<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { isTerminal, columns: width }: Pick<Output, 'isTerminal' | 'columns'>,
): string {
  const all = columns.map((column) => new Cells(column, rows));
  if (!isTerminal) return rows.map((_, row) => all.map(({ texts }) => texts[row]).join('\t')).join('\n');
  const kept = legible(all, width);
  const left = leftOf(kept, width);
  const table = new Table({
    head: kept.map(({ column }) => column.head),
    chars: NO_BORDERS,
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': GAP },
  });
  table.push(
    ...rows.map((_, row) => kept.map((cells) => fitted(cells.texts[row] ?? '', cells.widthIn(left)))),
  );
  const lines = table.toString().split('\n');
  return lines.map((line) => line.trimEnd()).join('\n');
}

/** A column with what stands in it. */
class Cells<Row> {
  readonly texts: readonly string[];
  private readonly need: number;

  constructor(
    readonly column: Column<Row>,
    rows: readonly Row[],
  ) {
    this.texts = rows.map((row) => oneLine(column.of(row)));
    this.need = this.texts.reduce((most, text) => Math.max(most, columnsOf(text)), column.head.length);
  }

  /** What it takes whatever there is; nothing when it takes a share. */
  get fixed(): number {
    return this.column.share === undefined ? this.need : 0;
  }

  /** @param left what the columns without a share leave */
  widthIn(left: number): number {
    const { share } = this.column;
    return share === undefined ? this.need : Math.min(this.need, Math.max(LEAST, Math.floor(left * share)));
  }
}

function legible<Row>(all: readonly Cells<Row>[], width: number): readonly Cells<Row>[] {
  let kept = all;
  while (leftOf(kept, width) < LEGIBLE) {
    const last = kept.findLastIndex(({ column }) => column.isOptional === true);
    if (last < 0) break;
    kept = kept.toSpliced(last, 1);
  }
  return kept;
}

function leftOf<Row>(cells: readonly Cells<Row>[], width: number): number {
  return width - cells.reduce((sum, { fixed }) => sum + fixed, 0) - GAP * (cells.length - 1);
}
