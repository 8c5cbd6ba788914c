import { COUNT, FLAG, Shows, TEXT } from '../../shared/docs/shows';

/** Which part of a list this is that is read on by cursor only. */
export class CursorPage {
  @Shows(COUNT, { description: 'Rows of a page' })
  declare readonly limit: number;
  @Shows(FLAG, { description: 'Whether there is a next page' })
  declare readonly has_more: boolean;
  @Shows(TEXT, { description: '`cursor` of the next page; null on the last one', nullable: true })
  declare readonly next_cursor: string | null;
}
