import { TASK_RULES } from '@task/domain';
import { Field } from '../../shared/validation/field';
import { Items } from '../../shared/validation/items';
import { CreateTaskBody } from '../dto/create-task.body';

/** One of several new tasks. */
export class BatchTaskBody extends CreateTaskBody {
  @Field(TASK_RULES.reference, {
    description: 'What `depends_on` of other tasks in this batch calls it: `@build`. Not kept',
    example: 'build',
  })
  declare readonly ref?: string;
}

/** New tasks, filed together or not at all. */
export class CreateTasksBody {
  @Items(
    BatchTaskBody,
    { max: 1000 },
    {
      required: true,
      description: 'The tasks, in their order of arrival',
      example: [{ work_directory: '/home/user/project', prompt: 'Review the error handling' }],
    },
  )
  declare readonly tasks: readonly BatchTaskBody[];
}
