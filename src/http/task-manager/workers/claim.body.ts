import { listOf, TASK_RULES, wholeNumber } from '@task/domain';
import { Field } from '../../shared/validation/field';
import { atLeastOne } from '../../shared/validation/items';

/** Which task a worker asks for, and on what terms; what it does not narrow down may be any. */
export class ClaimBody {
  @Field(atLeastOne(listOf(TASK_RULES.taskType, { max: 32 })), {
    description: 'Takes tasks of these types',
    example: ['document_processing'],
  })
  declare readonly task_types?: readonly string[];

  @Field(TASK_RULES.kbId, { description: 'Takes tasks of this knowledge base', example: 'kb_123456' })
  declare readonly kb_id?: string;

  @Field(wholeNumber({ min: 0, max: 25 }), {
    description: 'Seconds to wait for work when there is none',
    example: 20,
    byDefault: 0,
  })
  declare readonly wait?: number;

  @Field(TASK_RULES.leaseSeconds, {
    description: 'Length of the lease; without it the operator decides',
    example: 300,
  })
  declare readonly lease_seconds?: number;
}
