import { CreateTaskBody } from '../../http/orchestrator/dto/create-task.body';
import { TaskTemplateBody } from '../../http/orchestrator/dto/task-template.body';
import { fieldsOf } from '../../http/shared/validation/field';
import { NEW_TASK_FIELDS, TEMPLATE_FIELDS } from './new-task-options';

it('can say everything that a creator can send', () => {
  expect([...NEW_TASK_FIELDS].sort()).toEqual([...(fieldsOf(CreateTaskBody)?.keys() ?? [])].sort());
});

it('can say everything of the tasks of a schedule', () => {
  expect([...TEMPLATE_FIELDS].sort()).toEqual([...(fieldsOf(TaskTemplateBody)?.keys() ?? [])].sort());
});
