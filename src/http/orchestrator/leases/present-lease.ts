import type { Task } from '@task/domain';
import { iso } from '../../shared/views/format';
import type { LeaseView } from './lease.view';

/** What is left of a worker's hold on a task. */
export function leaseView({ state, attempt }: Task): LeaseView {
  const lease = state.status === 'working' ? state.lease : null;
  return {
    task_id: state.id,
    status: state.status,
    lease_expires_at: lease === null ? null : iso(lease.expiresAt),
    progress: lease?.progress ?? 0,
    attempt,
  };
}
