import { flag } from '@task/domain';
import { Field } from '../../shared/validation/field';
import { RowsOfPage, RowsToSkip } from '../dto/page-fields';

/** Which keys to list. */
export class ListKeysQuery {
  @Field(flag(), {
    description: 'Lists keys that were revoked, too',
    example: true,
    byDefault: false,
  })
  declare readonly include_revoked?: boolean;

  @RowsOfPage()
  declare readonly limit?: number;

  @RowsToSkip()
  declare readonly offset?: number;
}
