import type { TaskStatus } from '@task/domain';
import type { TaskManagerClient } from '../../support/task-manager-client';
import type { Door, Held, Seen, Wish } from './door';

const NAMES: Readonly<Record<TaskStatus, string>> = {
  waiting: 'queued',
  working: 'processing',
  completed: 'completed',
  failed: 'failed',
  cancelled: 'cancelled',
};
const BANDS: Readonly<Record<string, Seen['band']>> = {
  low: 'low',
  normal: 'medium',
  high: 'high',
  critical: 'high',
};

/** The task manager's REST dialect. */
export class TaskManagerDoor implements Door {
  readonly name = 'the task manager';

  constructor(private readonly api: TaskManagerClient) {}

  async create(wish: Wish): Promise<string> {
    const { id } = await this.api.create({
      task_type: wish.taskType,
      kb_id: wish.kbId,
      priority: wish.priority,
      payload: wish.payload,
      max_retries: wish.maxRetries,
      timeout: wish.timeoutSeconds,
      auto_retry: wish.autoRetry,
      schedule_for: wish.availableAt,
    });
    return id;
  }

  async read(id: string): Promise<Seen> {
    const task = await this.api.read(id);
    return {
      id: task.id,
      taskType: task.task_type,
      kbId: task.kb_id,
      band: BANDS[String(task.priority)],
      payload: task.payload,
      status: Object.entries(NAMES).find(([, name]) => name === task.status)?.[0],
      availableAt: task.schedule_for,
      timeoutSeconds: task.timeout,
      workerId: task.worker_id,
      progress: task.progress,
      progressMessage: task.progress_message,
      result: task.result,
      errorMessage: task.error_message === '' ? null : task.error_message,
      retryCount: task.retry_count,
      maxRetries: task.max_retries,
      autoRetry: task.auto_retry,
      lastRetryAt: task.last_retry_at,
      createdAt: task.created_at,
      updatedAt: task.updated_at,
      startedAt: task.started_at,
      completedAt: task.completed_at,
      cancelledAt: task.cancelled_at,
      placeInLine: task.queue_position,
    } as Seen;
  }

  async list(status: TaskStatus): Promise<readonly string[]> {
    const path = `/api/v1/tasks?status=${NAMES[status]}`;
    const { tasks } = await this.api.must<{ tasks: readonly { id: string }[] }>('GET', path);
    return tasks.map(({ id }) => id);
  }

  async claim(workerId: string, taskType: string): Promise<Held> {
    const { id, lease_token: token, attempt } = await this.api.claim(workerId, { task_types: [taskType] });
    return { id, token, attempt: Number(attempt) };
  }

  async progress({ id, token }: Held, progress: number, message: string): Promise<void> {
    await this.api.must('PUT', `/api/v1/tasks/${id}/progress`, { progress, message, lease_token: token });
  }

  async complete({ id, token }: Held, result: object): Promise<void> {
    await this.api.must('POST', `/api/v1/tasks/${id}/complete`, { result, lease_token: token });
  }

  async fail({ id, token }: Held, errorMessage: string): Promise<void> {
    const body = { error_message: errorMessage, lease_token: token };
    await this.api.must('POST', `/api/v1/tasks/${id}/fail`, body);
  }

  async retry(id: string): Promise<void> {
    await this.api.must('POST', `/api/v1/tasks/${id}/retry`);
  }

  async cancel(id: string): Promise<void> {
    await this.api.must('DELETE', `/api/v1/tasks/${id}`);
  }

  async refusal({ id, token }: Held): Promise<number> {
    return (await this.api.post(`/api/v1/tasks/${id}/complete`, { lease_token: token })).status;
  }
}
