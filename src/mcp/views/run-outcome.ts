import type { Task } from '@task/domain';
import type { Answer } from '../tool/answer';
import { valueOf } from './task-views';

/** What became of a task that somebody runs: the same for one who waited and one who followed it. */
export function runOutcome({ id, state }: Task): Answer {
  const { status } = state;
  const value = {
    task_id: id,
    status,
    result: valueOf(state.result),
    error_message: state.errorMessage,
    ...(status === 'cancelled' && { cancel_reason: state.cancelReason }),
    ...(!HAS_ENDED.includes(status) && { next: 'Not done yet: read it later with task_get.' }),
  };
  return { value, taskId: id, ...((status === 'failed' || status === 'cancelled') && { isError: true }) };
}

const HAS_ENDED: readonly string[] = ['completed', 'failed', 'cancelled'];
