import { oneOf, printable, TASK_RULES, type PriorityBand, type TaskStatus } from '@task/domain';
import { Field } from '../../shared/validation/field';

const TAGS_MODES = ['all', 'any'] as const;

/** Which tasks are meant: those that meet every condition. Each request has its own way of writing tags. */
export class TaskFilterFields {
  @Field(TASK_RULES.status, { description: 'Only tasks in this status', example: 'completed' })
  declare readonly status?: TaskStatus;

  @Field(printable({ min: 1, max: 512 }), {
    description:
      'Only tasks whose work directory has this in it, letter by letter, when it is written without repeated slashes, ' +
      '`.` and `..`, and on Windows as `C:\\repos\\app`, however it was spelt when the task was filed',
    example: 'project',
  })
  declare readonly work_directory?: string;

  @Field(TASK_RULES.priorityBand, { description: 'Only tasks of this priority', example: 'high' })
  declare readonly priority?: PriorityBand;

  @Field(oneOf(TAGS_MODES), {
    description: 'Whether all tags are needed, or any',
    example: 'any',
    byDefault: 'all',
  })
  declare readonly tags_mode?: (typeof TAGS_MODES)[number];

  @Field(TASK_RULES.taskType, { description: 'Only tasks of this type', example: 'agent_prompt' })
  declare readonly task_type?: string;

  @Field(TASK_RULES.kbId, { description: 'Only tasks of this knowledge base', example: 'kb-7' })
  declare readonly kb_id?: string;

  @Field(TASK_RULES.availableAt, {
    description: 'Only tasks created at this time or later; UTC when it names no offset',
    example: '2025-08-18T00:00:00Z',
  })
  declare readonly created_after?: string;

  @Field(TASK_RULES.availableAt, {
    description: 'Only tasks created before this time; UTC when it names no offset',
    example: '2025-08-19T00:00:00Z',
  })
  declare readonly created_before?: string;
}
