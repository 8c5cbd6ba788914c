import type { HeldTask, WorkerRecord } from '@task/application';
import type { EpochMs } from '@task/domain';
import { iso } from '../../shared/views/format';
import type { HeldTaskView, WorkerStatus, WorkerView } from './worker.views';

/** What is known of a worker. @param aliveSince whoever was seen then or later is alive */
export function workerView(record: WorkerRecord, aliveSince: EpochMs): WorkerView {
  const { completed, processingMs } = record;
  return {
    worker_id: record.workerId,
    status: statusOf(record, aliveSince),
    first_seen: iso(record.firstSeen),
    last_seen: iso(record.lastSeen),
    claimed: record.claimed,
    completed,
    failed: record.failed,
    lost: record.lost,
    avg_processing_seconds: completed === 0 ? null : Math.round(processingMs / completed) / 1000,
    holds: record.holds.map(heldTask),
  };
}

function statusOf({ lastSeen, holds }: WorkerRecord, aliveSince: EpochMs): WorkerStatus {
  if (lastSeen < aliveSince) return 'gone';
  return holds.length > 0 ? 'busy' : 'idle';
}

function heldTask({ taskId, attempt, since, leaseExpiresAt, progress }: HeldTask): HeldTaskView {
  return {
    task_id: taskId,
    attempt,
    since: iso(since),
    lease_expires_at: iso(leaseExpiresAt),
    progress,
  };
}
