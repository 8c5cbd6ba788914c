import type { TaskStatus } from '@task/domain';

/** A task as the service tells it, as far as it is shown; a list leaves out what is null. */
export interface ApiTask {
  readonly task_id: string;
  readonly task_type: string;
  readonly status: TaskStatus;
  readonly priority: string;
  readonly progress: number;
  readonly created_at: string;
  readonly prompt?: string | null;
  readonly work_directory?: string | null;
  readonly progress_message?: string | null;
  readonly error_message?: string | null;
  readonly cancel_reason?: string | null;
  readonly result?: unknown;
}

/** Something that happened to a task, as it is streamed. */
export interface ApiEvent {
  readonly id: number;
  readonly type: string;
  readonly from: string | null;
  readonly to: string;
  readonly worker_id: string | null;
  readonly attempt: number;
  readonly at: string;
  readonly details: unknown;
}

/** The same as a history tells it. */
export type HistoryRow = Omit<ApiEvent, 'id'> & { readonly event_id: number };

/** Where tasks are. */
export const TASKS = '/api/v1/tasks';

/** The path of one task, whatever its id is made of. */
export function pathOf(id: string, part = ''): string {
  return `${TASKS}/${encodeURIComponent(id)}${part}`;
}
