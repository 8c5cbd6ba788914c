import { flag, TASK_RULES } from '@task/domain';
import { Field } from '../../shared/validation/field';

/** Which task a worker asks for. */
export class ClaimTaskQuery {
  @Field(TASK_RULES.workDirectory, {
    required: true,
    description: 'Takes tasks of this work directory; both are compared normalised',
    example: '/home/user/project',
  })
  declare readonly work_path: string;

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
}
