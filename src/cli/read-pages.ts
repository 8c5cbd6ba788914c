import type { AskedService } from './at-service';

/** A query of what is given: `?status=failed&limit=5`. */
export function queryOf(given: Readonly<Record<string, string | undefined>>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(given)) if (value !== undefined) query.set(name, value);
  return query.size === 0 ? '' : `?${query.toString()}`;
}

/** A page that another one may follow. */
export interface CursorPage {
  readonly pagination: { readonly has_more: boolean; readonly next_cursor: string | null };
}

/** What is read page by page. */
export interface Paged<Page, Row> {
  readonly path: string;
  readonly query?: Readonly<Record<string, string | undefined>>;
  /** At most so many rows; Infinity for all. */
  readonly limit: number;
  readonly rowsOf: (page: Page) => readonly Row[];
}

/** What a page of the service has at most. */
export const MOST_OF_A_PAGE = 1000;

/** Reads on from cursor to cursor. @returns the rows of all pages, and the last page */
export async function readPages<Page extends CursorPage, Row>(
  service: Pick<AskedService, 'ask'>,
  { path, query = {}, limit: most, rowsOf }: Paged<Page, Row>,
): Promise<{ readonly rows: readonly Row[]; readonly last: Page }> {
  const rows: Row[] = [];
  let cursor: string | undefined;
  for (;;) {
    const limit = String(Math.min(most - rows.length, MOST_OF_A_PAGE));
    const page = await service.ask<Page>('GET', `${path}${queryOf({ ...query, limit, cursor })}`);
    rows.push(...rowsOf(page));
    const { next_cursor: next } = page.pagination;
    if (next === null || rows.length >= most) return { rows, last: page };
    cursor = next;
  }
}
