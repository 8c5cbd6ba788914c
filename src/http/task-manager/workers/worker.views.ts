import { TASK_RULES } from '@task/domain';
import { COUNT, Shows, ShowsParts, TIME, UUID } from '../../shared/docs/shows';

/** A task that a worker holds. */
export class HeldTask {
  @Shows(UUID, { description: 'The task' })
  declare readonly id: string;
  @Shows(COUNT, { description: 'Which claim of the task it is' })
  declare readonly attempt: number;
  @Shows(TASK_RULES.progress, { description: 'Percent' })
  declare readonly progress: number;
  @Shows(TIME, { description: 'Until when it is held' })
  declare readonly lease_expires_at: string;
}

/** What a heartbeat is answered with. */
export class WorkerHeartbeat {
  @Shows(TASK_RULES.workerId, { description: 'Its name' })
  declare readonly worker_id: string;
  @Shows({ type: 'string', enum: ['busy', 'idle'] }, { description: 'Whether it holds a task' })
  declare readonly status: 'busy' | 'idle';
  @ShowsParts([HeldTask], {
    description: 'All that it holds, oldest claim first; what is missing is its own no longer',
  })
  declare readonly tasks: readonly HeldTask[];
}
