import type { Task } from '@task/domain';
import { iso } from '../../shared/views/format';
import type { WorkerHeartbeat } from './worker.views';

/** What a heartbeat is answered with. @param held the tasks that the worker holds */
export function workerHeartbeat(workerId: string, held: readonly Task[]): WorkerHeartbeat {
  const tasks = held.flatMap(({ id, attempt, state: { lease } }) =>
    lease === null ? [] : [{ id, attempt, progress: lease.progress, lease_expires_at: iso(lease.expiresAt) }],
  );
  return { worker_id: workerId, status: tasks.length > 0 ? 'busy' : 'idle', tasks };
}
