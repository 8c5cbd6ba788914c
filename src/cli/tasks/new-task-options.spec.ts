import { CreateTaskBody } from '../../http/orchestrator/dto/create-task.body';
import { fieldsOf } from '../../http/shared/validation/field';
import { NEW_TASK_FIELDS } from './new-task-options';

it('can say everything that a creator can send', () => {
  expect([...NEW_TASK_FIELDS].sort()).toEqual([...(fieldsOf(CreateTaskBody)?.keys() ?? [])].sort());
});
