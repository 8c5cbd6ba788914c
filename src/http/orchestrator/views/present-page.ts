import type { CursorPage } from './cursor-page.view';
import type { Page } from './task-list.view';

/** Which page this is of a list that is read on by cursor only. */
export function cursorPage(limit: number, nextCursor: string | null): CursorPage {
  return { limit, has_more: nextCursor !== null, next_cursor: nextCursor };
}

/** Which page this is of a list that is read by offset. @param shown rows of it */
export function offsetPage(
  { limit, offset }: { readonly limit: number; readonly offset: number },
  shown: number,
  total: number,
): Page {
  return { total, limit, offset, has_more: offset + shown < total };
}
