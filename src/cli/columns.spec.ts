import { inColumns, type Column } from './columns';
import { columnsOf } from './terminal-text';

interface Row {
  readonly name: string;
  readonly kind: string;
  readonly text: string;
}

const COLUMNS: readonly Column<Row>[] = [
  { head: 'NAME', of: (row) => row.name },
  { head: 'KIND', of: (row) => row.kind, isOptional: true },
  { head: 'TEXT', of: (row) => row.text, share: 1 },
];
const ROWS: readonly Row[] = [
  { name: 'first', kind: 'a', text: '整理任务的说明文件 and everything that belongs to it' },
  { name: '第二个', kind: 'bcd', text: 'short\n\u001b[31mlines\u001b[0m 😀' },
];

describe('a table on a terminal', () => {
  const table = (columns: number): string[] =>
    inColumns(ROWS, COLUMNS, { isTerminal: true, columns }).split('\n');

  it('has a head, and columns that begin below each other whatever is in them', () => {
    expect(table(40)).toEqual([
      'NAME    KIND  TEXT',
      'first   a     整理任务的说明文件 and ev…',
      '第二个  bcd   short lines 😀',
    ]);
  });

  it.each([30, 40, 60, 100])('is not wider than a terminal of %d columns', (columns) => {
    for (const line of table(columns)) expect(columnsOf(line)).toBeLessThanOrEqual(columns);
  });

  it('leaves out what can be done without where there is no room', () => {
    expect(table(30)[0]).toBe('NAME    TEXT');
  });
});

it('is plain columns elsewhere: whole, between tabs, without a head', () => {
  expect(inColumns(ROWS, COLUMNS, { isTerminal: false, columns: 10 }).split('\n')).toEqual([
    'first\ta\t整理任务的说明文件 and everything that belongs to it',
    '第二个\tbcd\tshort lines 😀',
  ]);
});
