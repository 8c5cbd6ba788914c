import { TASK_RULES } from '@task/domain';
import { COUNT, Shows, ShowsParts, TIME, UUID } from '../../shared/docs/shows';
import { Page } from '../views/task-list.view';

/** How a worker is doing: seen lately, with or without a task, or not seen lately. */
export const WORKER_STATUSES = ['busy', 'idle', 'gone'] as const;

/** One of {@link WORKER_STATUSES}. */
export type WorkerStatus = (typeof WORKER_STATUSES)[number];

/** A task that a worker holds. */
export class HeldTaskView {
  @Shows(UUID, { description: 'The task' })
  declare readonly task_id: string;
  @Shows(COUNT, { description: 'Which claim of the task it is' })
  declare readonly attempt: number;
  @Shows(TIME, { description: 'When it was claimed' })
  declare readonly since: string;
  @Shows(TIME, { description: 'Until when it is held' })
  declare readonly lease_expires_at: string;
  @Shows(TASK_RULES.progress, { description: 'Percent' })
  declare readonly progress: number;
}

/** What is known of a worker that gave its name. */
export class WorkerView {
  @Shows(TASK_RULES.workerId, { description: 'The name that it gave' })
  declare readonly worker_id: string;
  @Shows(
    { type: 'string', enum: WORKER_STATUSES },
    { description: 'Seen lately with a task (busy) or without (idle), or not seen lately (gone)' },
  )
  declare readonly status: WorkerStatus;
  @Shows(TIME, { description: 'When it first asked for work, or gave a sign of life' })
  declare readonly first_seen: string;
  @Shows(TIME, {
    description:
      'When it last asked for work (to within a sixth of the time after which it is gone), wrote about a task, or gave a sign of life',
  })
  declare readonly last_seen: string;
  @Shows(COUNT, { description: 'Tasks that it claimed' })
  declare readonly claimed: number;
  @Shows(COUNT, { description: 'Tasks that it completed' })
  declare readonly completed: number;
  @Shows(COUNT, { description: 'Attempts that it reported as failed' })
  declare readonly failed: number;
  @Shows(COUNT, { description: 'Attempts that were taken from it: expired, timed out' })
  declare readonly lost: number;
  @Shows(
    { type: 'number', minimum: 0 },
    { description: 'From claim to completion, on average; null before the first', nullable: true },
  )
  declare readonly avg_processing_seconds: number | null;
  @ShowsParts([HeldTaskView], { description: 'What it holds now, oldest claim first, at most 100' })
  declare readonly holds: readonly HeldTaskView[];
}

/** A page of workers. */
export class WorkerList {
  @ShowsParts([WorkerView], { description: 'The workers, last seen first' })
  declare readonly workers: readonly WorkerView[];
  @ShowsParts(Page, { description: 'Which page this is' })
  declare readonly pagination: Page;
}
