import { flag, pattern, TASK_RULES } from '@task/domain';
import { Field } from '../../shared/validation/field';
import { TASK_ID } from '../docs/task-examples';
import { TaskEventsQuery } from './task-events.query';

const UUID_LENGTH = 36;
const UUID = /^[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$/;

/** Which events to follow, and from where on. */
export class EventsQuery extends TaskEventsQuery {
  @Field(pattern(UUID, { min: UUID_LENGTH, max: UUID_LENGTH }), {
    description: 'Only events of this task',
    example: TASK_ID,
  })
  declare readonly task_id?: string;

  @Field(TASK_RULES.workDirectory, {
    description: 'Only events of tasks of this work directory; both are compared normalised',
    example: '/home/user/project',
  })
  declare readonly work_directory?: string;

  @Field(flag(), {
    description: 'Takes tasks of the directories below too',
    example: true,
    byDefault: false,
  })
  declare readonly recursive?: boolean;
}
