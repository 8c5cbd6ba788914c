import { DEFAULT_MAX_RETRIES, DEFAULT_TASK_TYPE, TASK_RULES, type PriorityBand } from '@task/domain';
import { Field } from '../../shared/validation/field';

/** What a task is to be made of, whenever it is made. */
export class TaskTemplateBody {
  @Field(TASK_RULES.workDirectory, {
    required: true,
    description: 'Where the work is done: an absolute path, POSIX or Windows',
    example: '/home/user/project',
  })
  declare readonly work_directory: string;

  @Field(TASK_RULES.prompt, {
    required: true,
    description: 'What is to be done, with everything an agent needs to know',
    example: 'Find the performance problems of this code base and propose improvements',
  })
  declare readonly prompt: string;

  @Field(TASK_RULES.priorityBand, {
    description: 'Claimed first: high',
    example: 'high',
    byDefault: 'medium',
  })
  declare readonly priority?: PriorityBand;

  @Field(TASK_RULES.tags, {
    description: 'Words to find it by',
    example: ['performance', 'analysis'],
    byDefault: [],
  })
  declare readonly tags?: readonly string[];

  @Field(TASK_RULES.taskType, {
    description: 'What kind of worker it is for',
    example: 'agent_prompt',
    byDefault: DEFAULT_TASK_TYPE,
  })
  declare readonly task_type?: string;

  @Field(TASK_RULES.kbId, { description: 'The knowledge base it belongs to', example: 'kb-7' })
  declare readonly kb_id?: string;

  @Field(TASK_RULES.payload, {
    description: 'Parameters for the worker: any JSON object of at most 256 KiB, at most 64 deep',
    example: { branch: 'main' },
  })
  declare readonly payload?: object;

  @Field(TASK_RULES.metadata, {
    description: 'Notes of the creator: any JSON object of at most 16 KiB',
    example: { team: 'platform' },
  })
  declare readonly metadata?: object;

  @Field(TASK_RULES.maxRetries, {
    description: 'How often it may be tried again',
    example: 5,
    byDefault: DEFAULT_MAX_RETRIES,
  })
  declare readonly max_retries?: number;

  @Field(TASK_RULES.timeoutSeconds, {
    description: 'How long an attempt may take, from its claim',
    example: 3600,
  })
  declare readonly timeout_seconds?: number;

  @Field(TASK_RULES.autoRetry, {
    description: 'Whether a failure sends it back by itself while retries are left',
    example: true,
    byDefault: false,
  })
  declare readonly auto_retry?: boolean;

  @Field(TASK_RULES.concurrencyKey, {
    description:
      'Of the tasks with the same key only so many are worked on at once as the limit of the key says, 1 unless it was ' +
      'given another',
    example: 'repo:docs',
  })
  declare readonly concurrency_key?: string;
}
