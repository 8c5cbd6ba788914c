import { printable, wholeNumber } from '@task/domain';
import { Field } from '../../shared/validation/field';

/** Rows of a page whose caller asks for no other number. */
export const DEFAULT_LIMIT = 100;

const MOST_ROWS = 1000;
const BEHIND = '`next_cursor` of the page before';

/** `limit` of a list. */
export function RowsOfPage(): PropertyDecorator {
  const rule = wholeNumber({ min: 1, max: MOST_ROWS });
  return Field(rule, { description: 'Rows of a page', example: 10, byDefault: DEFAULT_LIMIT });
}

/** `offset` of a list. @param more what is to be said of it beside that it skips */
export function RowsToSkip(more = ''): PropertyDecorator {
  const rule = wholeNumber({ min: 0, max: Number.MAX_SAFE_INTEGER });
  return Field(rule, { description: `Rows to skip${more}`, example: 0, byDefault: 0 });
}

/** How the cursor of a list is documented, and how long it may be. */
export interface CursorOptions {
  /** What is to be said of it beside where it comes from. */
  readonly more?: string;
  readonly example: string;
  readonly max?: number;
}

/** `cursor` of a list. */
export function CursorOfPage({ more = '', example, max = 1000 }: CursorOptions): PropertyDecorator {
  return Field(printable({ min: 1, max }), { description: `${BEHIND}${more}`, example });
}
