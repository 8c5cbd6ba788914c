import { TASK_RULES, type TaskStatus } from '@task/domain';
import { Shows, ShowsParts, TIME, UUID } from '../shared/docs/shows';
import { BlockerView } from '../shared/views/blocker.view';

/** What the statuses are called in dialect C. Source: behaviour.md 1. */
export const STATUS_NAMES = {
  waiting: 'created',
  working: 'running',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
} as const satisfies Record<TaskStatus, string>;

/** A status in dialect C. */
export type AgentTaskStatus = (typeof STATUS_NAMES)[TaskStatus];

/** A task with everything that this dialect tells of it; what it does not have is null. */
export class AgentTask {
  @Shows(UUID, { description: 'Its id' })
  declare readonly task_id: string;
  @Shows({ type: 'string', enum: Object.values(STATUS_NAMES) }, { description: 'Where it is' })
  declare readonly status: AgentTaskStatus;
  @Shows(TASK_RULES.taskType, { description: 'Which handler it is for' })
  declare readonly task_type: string;
  @Shows(TASK_RULES.prompt, { description: 'What is to be done', nullable: true })
  declare readonly description: string | null;
  @Shows(TASK_RULES.payload, { description: 'Parameters for the handler', nullable: true })
  declare readonly parameters: unknown;
  @Shows(TASK_RULES.priority, { description: 'Done first: 10' })
  declare readonly priority: number;
  @Shows(TASK_RULES.timeoutSeconds, { description: 'How long it may run', nullable: true })
  declare readonly timeout_seconds: number | null;
  @Shows(TASK_RULES.progress, { description: 'Percent' })
  declare readonly progress: number;
  @Shows(TASK_RULES.result, { description: 'What its handler brought: any JSON' })
  declare readonly result: unknown;
  @Shows(TASK_RULES.errorMessage, { description: 'Why its latest attempt failed', nullable: true })
  declare readonly error: string | null;
  @Shows(TIME, { description: 'When it was created' })
  declare readonly created_at: string;
  @Shows(TIME, { description: 'When it began to run', nullable: true })
  declare readonly started_at: string | null;
  @Shows(TIME, { description: 'When it ended: completed, failed or cancelled', nullable: true })
  declare readonly completed_at: string | null;
  @Shows(TASK_RULES.concurrencyKey, {
    description: 'What it shares with others; only where it has one',
    optional: true,
  })
  declare readonly concurrency_key?: string;
  @ShowsParts([BlockerView], {
    description: 'Why it cannot run yet; only where something stands in its way',
    optional: true,
  })
  declare readonly blocked_by?: readonly BlockerView[];
}
