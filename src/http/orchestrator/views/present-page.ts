import type { CursorPage } from './cursor-page.view';

/** Which page this is of a list that is read on by cursor only. */
export function cursorPage(limit: number, nextCursor: string | null): CursorPage {
  return { limit, has_more: nextCursor !== null, next_cursor: nextCursor };
}
