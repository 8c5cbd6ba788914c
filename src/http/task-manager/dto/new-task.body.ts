import { DEFAULT_MAX_RETRIES, TASK_RULES, type PriorityLevel } from '@task/domain';
import { Field } from '../../shared/validation/field';

/** Seconds that an attempt may take when neither its creator nor its type says so. */
export const DEFAULT_TIMEOUT_SECONDS = 300;

/** What a creator sends. */
export class NewTaskBody {
  @Field(TASK_RULES.taskType, {
    required: true,
    description: 'What kind of work it is: one of the six built-in types, or any that is registered',
    example: 'document_processing',
  })
  declare readonly task_type: string;

  @Field(TASK_RULES.kbId, { required: true, description: 'Its knowledge base', example: 'kb_123456' })
  declare readonly kb_id: string;

  @Field(TASK_RULES.priorityLevel, {
    description: 'Claimed first: critical',
    example: 'high',
    byDefault: 'normal',
  })
  declare readonly priority?: PriorityLevel;

  @Field(TASK_RULES.payload, {
    required: true,
    description: 'Parameters for the worker: any JSON object of at most 256 KiB, at most 64 deep',
    example: { file_path: '/tmp/uploads/document.txt', chunk_size: 1000, chunk_overlap: 200 },
  })
  declare readonly payload: object;

  @Field(TASK_RULES.maxRetries, {
    description: "How often it may be tried again; without it, its type's own",
    example: 3,
    byDefault: DEFAULT_MAX_RETRIES,
  })
  declare readonly max_retries?: number;

  @Field(TASK_RULES.timeoutSeconds, {
    description: "Seconds that an attempt may take, from its claim; without it, its type's own",
    example: 300,
    byDefault: DEFAULT_TIMEOUT_SECONDS,
  })
  declare readonly timeout?: number;

  @Field(TASK_RULES.availableAt, {
    description: 'Not handed out before; UTC when it names no offset',
    example: '2025-07-28T14:30:00Z',
  })
  declare readonly schedule_for?: string;

  @Field(TASK_RULES.autoRetry, {
    description: 'Whether a failure sends it back by itself while retries are left',
    example: false,
    byDefault: true,
  })
  declare readonly auto_retry?: boolean;
}
