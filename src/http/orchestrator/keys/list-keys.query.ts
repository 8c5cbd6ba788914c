import { flag, wholeNumber } from '@task/domain';
import { Field } from '../../shared/validation/field';
import { DEFAULT_LIMIT } from '../dto/list-tasks.query';

/** Which keys to list. */
export class ListKeysQuery {
  @Field(flag(), {
    description: 'Lists keys that were revoked, too',
    example: true,
    byDefault: false,
  })
  declare readonly include_revoked?: boolean;

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
