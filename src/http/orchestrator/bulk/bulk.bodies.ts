import { flag, TASK_RULES } from '@task/domain';
import { Field } from '../../shared/validation/field';
import { atLeastOne } from '../../shared/validation/items';
import { TaskFilterFields } from '../dto/task-filter';

/** Which tasks to change. */
export class BulkBody extends TaskFilterFields {
  @Field(atLeastOne(TASK_RULES.tags), {
    description: 'Only tasks with these tags',
    example: ['performance', 'analysis'],
  })
  declare readonly tags?: readonly string[];

  @Field(flag(), {
    description: 'Has to be true when there is no filter: all tasks are meant',
    example: true,
    byDefault: false,
  })
  declare readonly all?: boolean;

  @Field(flag(), {
    description: 'Only counts what would be changed',
    example: true,
    byDefault: false,
  })
  declare readonly dry_run?: boolean;
}

/** Which tasks to give up, and why. */
export class BulkCancelBody extends BulkBody {
  @Field(TASK_RULES.reason, { description: 'Why', example: 'The project was given up' })
  declare readonly reason?: string;

  @Field(flag(), {
    description: 'Takes working and failed tasks too, not only waiting ones',
    example: true,
    byDefault: false,
  })
  declare readonly force?: boolean;
}
