import { KEY_RULES, type Role } from '@task/domain';
import { Field } from '../../shared/validation/field';

/** A new key. */
export class CreateKeyBody {
  @Field(KEY_RULES.name, {
    required: true,
    description: 'Whose it is: told wherever something was done with it, and had by no other key',
    example: 'ci-pipeline',
  })
  declare readonly name: string;

  @Field(KEY_RULES.roles, {
    required: true,
    description: 'What it may do: reader, producer and worker include reading, admin is everything',
    example: ['producer'],
  })
  declare readonly roles: readonly Role[];

  @Field(KEY_RULES.expiresInDays, { description: 'Valid for so many days; for ever without', example: 90 })
  declare readonly expires_in_days?: number;

  @Field(KEY_RULES.requestsPerMinute, {
    description: "Its own limit in place of the service's, 0 for none",
    example: 600,
  })
  declare readonly requests_per_minute?: number;
}
