import { TASK_RULES } from '@task/domain';
import { Field } from '../../shared/validation/field';
import { TaskTemplateBody } from './task-template.body';

/** What a creator sends. */
export class CreateTaskBody extends TaskTemplateBody {
  @Field(TASK_RULES.availableAt, {
    description: 'Not handed out before; UTC when it names no offset',
    example: '2025-08-18T10:00:00Z',
  })
  declare readonly schedule_for?: string;
}
