import { addSql, columnsOf, insertSql, unnested, upsertSql, type ColumnTypes } from './bulk';

const TYPES: ColumnTypes = { seq: 'bigint', name: 'text' };

describe('statements for many rows', () => {
  it('take one array for each column, however many rows there are', () => {
    const rows = [
      [1, 'a'],
      [2, null],
    ];
    expect(columnsOf(rows, TYPES)).toEqual([
      [1, 2],
      ['a', null],
    ]);
    expect(columnsOf([], TYPES)).toEqual([[], []]);
  });

  it('take null for what a row does not have', () => {
    expect(columnsOf([[1], []], TYPES)).toEqual([
      [1, null],
      [null, null],
    ]);
  });

  it('name the columns with their types, in one order', () => {
    expect(unnested(TYPES)).toBe('unnest($1::bigint[], $2::text[]) AS v(seq, name)');
  });

  it('insert, set, or add to what is there', () => {
    const insert = 'INSERT INTO t (seq, name) SELECT * FROM unnest($1::bigint[], $2::text[]) AS v(seq, name)';
    expect(insertSql('t', TYPES).trim()).toBe(insert);
    expect(upsertSql('t', 'seq', TYPES)).toBe(
      `${insert} ON CONFLICT (seq) DO UPDATE SET name = excluded.name`,
    );
    expect(addSql('t', ['seq'], TYPES)).toBe(
      `${insert} ON CONFLICT (seq) DO UPDATE SET name = t.name + excluded.name`,
    );
  });
});
