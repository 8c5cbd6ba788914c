import { Items } from '../../shared/validation/items';
import { CreateTaskBody } from '../dto/create-task.body';

/** New tasks, filed together or not at all. */
export class CreateTasksBody {
  @Items(
    CreateTaskBody,
    { max: 1000 },
    {
      required: true,
      description: 'The tasks, in their order of arrival',
      example: [{ work_directory: '/home/user/project', prompt: 'Review the error handling' }],
    },
  )
  declare readonly tasks: readonly CreateTaskBody[];
}
