import { flag, TASK_RULES, wholeNumber } from '@task/domain';
import { Field } from '../../shared/validation/field';

/** On what terms a worker claims. */
export class ClaimTerms {
  @Field(TASK_RULES.workerId, { description: 'Name to be recorded as the holder', example: 'worker-1' })
  declare readonly worker_id?: string;

  @Field(flag(), {
    description: 'Takes tasks of the directories below too',
    example: true,
    byDefault: false,
  })
  declare readonly recursive?: boolean;

  @Field(TASK_RULES.leaseSeconds, {
    description: 'Length of the lease; without it the operator decides',
    example: 1800,
  })
  declare readonly lease_seconds?: number;

  @Field(wholeNumber({ min: 0, max: 25 }), {
    description: 'Seconds to wait for work when there is none',
    example: 20,
    byDefault: 0,
  })
  declare readonly wait?: number;
}
