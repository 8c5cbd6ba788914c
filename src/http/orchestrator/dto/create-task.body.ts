import { TASK_RULES, type DependencyPolicy } from '@task/domain';
import { Field } from '../../shared/validation/field';
import { TaskTemplateBody } from './task-template.body';

/** What a creator sends. */
export class CreateTaskBody extends TaskTemplateBody {
  @Field(TASK_RULES.availableAt, {
    description: 'Not handed out before; UTC when it names no offset',
    example: '2025-08-18T10:00:00Z',
  })
  declare readonly schedule_for?: string;

  @Field(TASK_RULES.dependsOn, {
    description:
      'Tasks that have to be completed first: their ids; in a batch `@ref` too, for a task of the same batch',
    example: ['550e8400-e29b-41d4-a716-446655440000'],
    byDefault: [],
  })
  declare readonly depends_on?: readonly string[];

  @Field(TASK_RULES.onDependencyFailure, {
    description:
      'What becomes of it when one of them has failed for good or was cancelled: it waits, and a retry of the failed one ' +
      'heals it; it is cancelled too; or it runs all the same',
    example: 'cancel',
    byDefault: 'wait',
  })
  declare readonly on_dependency_failure?: DependencyPolicy;
}
