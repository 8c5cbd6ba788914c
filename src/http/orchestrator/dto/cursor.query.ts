import { printable, wholeNumber } from '@task/domain';
import { Field } from '../../shared/validation/field';
import { DEFAULT_LIMIT } from './list-tasks.query';

/** Which page of a list that is read on by cursor only. */
export class CursorQuery {
  @Field(wholeNumber({ min: 1, max: 1000 }), {
    description: 'Rows of a page',
    example: 10,
    byDefault: DEFAULT_LIMIT,
  })
  declare readonly limit?: number;

  @Field(printable({ min: 1, max: 1000 }), {
    description: '`next_cursor` of the page before',
    example: 'WzQyMTUzLDQxXQ',
  })
  declare readonly cursor?: string;
}
