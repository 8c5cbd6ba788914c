import { DEFAULT_LIMIT, RowsOfPage, RowsToSkip } from './page-fields';

/** Which page of a list that is read by offset only. */
export class PageQuery {
  @RowsOfPage()
  declare readonly limit?: number;

  @RowsToSkip()
  declare readonly offset?: number;
}

/** The page that is meant. */
export function pageOf({ limit = DEFAULT_LIMIT, offset = 0 }: PageQuery): Required<PageQuery> {
  return { limit, offset };
}
