import { wholeNumber } from '@task/domain';
import { Field } from '../../shared/validation/field';
import { DEFAULT_LIMIT } from '../dto/list-tasks.query';

/** Which page of schedules. */
export class ListSchedulesQuery {
  @Field(wholeNumber({ min: 1, max: 1000 }), {
    description: 'Rows of a page',
    example: 10,
    byDefault: DEFAULT_LIMIT,
  })
  declare readonly limit?: number;

  @Field(wholeNumber({ min: 0, max: Number.MAX_SAFE_INTEGER }), {
    description: 'Rows to skip',
    example: 0,
    byDefault: 0,
  })
  declare readonly offset?: number;
}
