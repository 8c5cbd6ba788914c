import type { Task, TaskStatus } from '@task/domain';
import { presentAnswer } from '../tool/present-answer';
import { runOutcome } from '../views/run-outcome';
import { iso } from '../views/task-views';

/** The extension that lets a client follow a task by itself. */
export const TASKS_EXTENSION = 'io.modelcontextprotocol/tasks';

const POLL_INTERVAL_MS = 2_000;

/** What each status is called there. A task that failed has a result: one that says so. */
const HANDLE_STATUSES = {
  waiting: 'working',
  working: 'working',
  completed: 'completed',
  failed: 'completed',
  cancelled: 'cancelled',
} as const satisfies Record<TaskStatus, string>;

/** A task of the queue as its client follows it. Its id is the task's own: a UUID v4, 122 random bits. */
export function handleOf({ id, state }: Task): object {
  return {
    taskId: id,
    status: HANDLE_STATUSES[state.status],
    statusMessage: messageOf(state.status, state.lease?.progress ?? 0, state.lease?.progressMessage ?? null),
    createdAt: iso(state.createdAt),
    lastUpdatedAt: iso(state.updatedAt),
    ttlMs: null,
    pollIntervalMs: POLL_INTERVAL_MS,
  };
}

/** The same, with the result once there is one. */
export function detailedHandleOf(task: Task): object {
  const hasResult = HANDLE_STATUSES[task.status] === 'completed';
  return {
    ...handleOf(task),
    ...(hasResult && { result: { resultType: 'complete', ...presentAnswer(runOutcome(task), false) } }),
  };
}

function messageOf(status: TaskStatus, progress: number, message: string | null): string {
  if (status !== 'working') return status;
  return `working, ${progress} %${message === null ? '' : `: ${message}`}`;
}
