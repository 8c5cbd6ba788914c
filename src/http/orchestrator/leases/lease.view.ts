import { TASK_RULES, type TaskStatus } from '@task/domain';
import { COUNT, Shows, TIME, UUID } from '../../shared/docs/shows';

/** Where a task and its worker stand. */
export class LeaseView {
  @Shows(UUID, { description: 'The task' })
  declare readonly task_id: string;
  @Shows(TASK_RULES.status, { description: 'Where it is now' })
  declare readonly status: TaskStatus;
  @Shows(TIME, { description: 'Until when it is held; null when it is not any more', nullable: true })
  declare readonly lease_expires_at: string | null;
  @Shows(TASK_RULES.progress, { description: 'Percent' })
  declare readonly progress: number;
  @Shows(COUNT, { description: 'Claims made of it so far' })
  declare readonly attempt: number;
}
