import { flag, TASK_RULES } from '@task/domain';
import { Field } from '../../shared/validation/field';

/** Why a task is given up. */
export class CancelTaskBody {
  @Field(TASK_RULES.reason, { description: 'Why', example: 'Cancelled by its user' })
  declare readonly reason?: string;

  @Field(flag(), {
    description: 'Takes working and failed tasks too, not only waiting ones',
    example: true,
    byDefault: false,
  })
  declare readonly force?: boolean;
}
