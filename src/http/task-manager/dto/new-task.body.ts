import { DEFAULT_MAX_RETRIES, TASK_RULES, type DependencyPolicy, type PriorityLevel } from '@task/domain';
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

  @Field(TASK_RULES.dependsOn, {
    description:
      'Tasks that have to be completed first: their ids; in a batch `@ref` too, for a task of the same batch',
    example: ['550e8400-e29b-41d4-a716-446655440000'],
    byDefault: [],
  })
  declare readonly depends_on?: readonly string[];

  @Field(TASK_RULES.onDependencyFailure, {
    description: 'What becomes of it when one of them has failed for good or was cancelled',
    example: 'cancel',
    byDefault: 'wait',
  })
  declare readonly on_dependency_failure?: DependencyPolicy;

  @Field(TASK_RULES.concurrencyKey, {
    description:
      'Of the tasks with the same key only so many are processed at once as the limit of the key says',
    example: 'kb_123456',
  })
  declare readonly concurrency_key?: string;
}

/** One of several new tasks. */
export class NewTaskOfMany extends NewTaskBody {
  @Field(TASK_RULES.reference, {
    description: 'What `depends_on` of other tasks in this batch calls it: `@split`. Not kept',
    example: 'split',
  })
  declare readonly ref?: string;
}
