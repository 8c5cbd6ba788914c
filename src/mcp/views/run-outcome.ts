import type { Task, TaskStatus } from '@task/domain';
import type { Answer } from '../tool/answer';
import { valueOf } from './task-views';

/** What to do about a task that has not ended well, or not yet. */
const NEXT: Readonly<Record<TaskStatus, string | null>> = {
  waiting: 'Not done yet: read it later with task_get.',
  working: 'Not done yet: read it later with task_get.',
  completed: null,
  failed: 'task_retry puts it back into the queue while it has retries left.',
  cancelled: 'It was given up: file it again with task_run if it is still wanted.',
};

/** What became of a task that somebody runs: the same for one who waited and one who followed it. */
export function runOutcome({ id, state }: Task): Answer {
  const { status } = state;
  const value = {
    task_id: id,
    status,
    result: valueOf(state.result),
    error_message: state.errorMessage,
    cancel_reason: state.cancelReason,
    next: NEXT[status],
  };
  return { value, taskId: id, ...((status === 'failed' || status === 'cancelled') && { isError: true }) };
}
