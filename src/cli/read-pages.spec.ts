import { queryOf, readPages } from './read-pages';

interface Page {
  readonly rows: readonly number[];
  readonly pagination: { readonly has_more: boolean; readonly next_cursor: string | null };
}

/** A list of so many rows, which remembers what it was asked. */
class ListOf {
  readonly asked: string[] = [];

  constructor(private readonly size: number) {}

  ask<Data>(_method: string, path: string): Promise<Data> {
    this.asked.push(path);
    const query = new URLSearchParams(path.split('?')[1]);
    const begin = Number(query.get('cursor') ?? 0);
    const end = Math.min(this.size, begin + Number(query.get('limit')));
    const hasMore = end < this.size;
    const rows = Array.from({ length: end - begin }, (_, index) => begin + index);
    const pagination = { has_more: hasMore, next_cursor: hasMore ? String(end) : null };
    return Promise.resolve({ rows, pagination } as Data);
  }
}

const read = (list: ListOf, limit: number): Promise<{ rows: readonly number[]; last: Page }> =>
  readPages<Page, number>(list, { path: '/list', query: { of: 'x' }, limit, rowsOf: ({ rows }) => rows });

describe('reading page after page', () => {
  it('reads all rows, each once, in order', async () => {
    const list = new ListOf(2_500);
    const { rows, last } = await read(list, Infinity);
    expect(rows).toEqual(Array.from({ length: 2_500 }, (_, index) => index));
    expect(last.pagination.has_more).toBe(false);
    expect(list.asked).toEqual([
      '/list?of=x&limit=1000',
      '/list?of=x&limit=1000&cursor=1000',
      '/list?of=x&limit=1000&cursor=2000',
    ]);
  });

  it('asks for no row more than is wanted, and tells that there are more', async () => {
    const list = new ListOf(2_500);
    const { rows, last } = await read(list, 1_200);
    expect([rows.length, last.pagination.has_more]).toEqual([1_200, true]);
    expect(list.asked.at(-1)).toBe('/list?of=x&limit=200&cursor=1000');
  });

  it('is content with nothing', async () => {
    expect((await read(new ListOf(0), 50)).rows).toEqual([]);
  });
});

it('asks only for what is given', () => {
  expect(queryOf({ status: 'failed', tag: undefined, 'a b': '&' })).toBe('?status=failed&a+b=%26');
  expect(queryOf({ status: undefined })).toBe('');
});
