import { CursorOfPage, RowsOfPage } from './page-fields';

/** Which page of a list that is read on by cursor only. */
export class CursorQuery {
  @RowsOfPage()
  declare readonly limit?: number;

  @CursorOfPage({ example: 'WzQyMTUzLDQxXQ' })
  declare readonly cursor?: string;
}
