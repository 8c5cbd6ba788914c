import { TASK_RULES, type PriorityLevel } from '@task/domain';
import { Field } from '../../shared/validation/field';

/** Which part of the queue to look at. */
export class QueueQuery {
  @Field(TASK_RULES.taskType, { description: 'Only tasks of this type', example: 'document_processing' })
  declare readonly task_type?: string;

  @Field(TASK_RULES.priorityLevel, { description: 'Only tasks of this priority', example: 'high' })
  declare readonly priority?: PriorityLevel;
}

/** Whose tasks to count. */
export class FiguresQuery {
  @Field(TASK_RULES.kbId, { description: 'Only tasks of this knowledge base', example: 'kb_123456' })
  declare readonly kb_id?: string;
}
