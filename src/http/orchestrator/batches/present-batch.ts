import type { FinishOutcome } from '@task/application';
import type { ErrorBody } from '../envelope';
import type { FinishedTask } from './batch.views';

/** What became of one attempt. @param errorOf words a failure */
export function finishedTask(outcome: FinishOutcome, errorOf: (error: unknown) => ErrorBody): FinishedTask {
  const { taskId: task_id } = outcome;
  return 'task' in outcome
    ? { task_id, ok: true, status: outcome.task.status }
    : { task_id, ok: false, error: errorOf(outcome.error) };
}
