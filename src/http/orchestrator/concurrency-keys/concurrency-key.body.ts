import { TASK_RULES } from '@task/domain';
import { Field } from '../../shared/validation/field';

/** What a concurrency key allows. */
export class LimitConcurrencyKeyBody {
  @Field(TASK_RULES.keyLimit, {
    required: true,
    description: 'How many of its tasks may be worked on at once',
    example: 4,
  })
  declare readonly limit: number;
}
