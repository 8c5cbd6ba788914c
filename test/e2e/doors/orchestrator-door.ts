import type { TaskStatus } from '@task/domain';
import type { ApiClient } from '../../support/api-client';
import type { Door, Held, Seen, Wish } from './door';

type Answer = Readonly<Record<string, unknown>>;

/** The orchestrator's REST dialect. */
export class OrchestratorDoor implements Door {
  readonly name = 'the orchestrator';

  constructor(private readonly api: ApiClient) {}

  async create(wish: Wish): Promise<string> {
    const { task_id: id } = await this.api.createTask({
      task_type: wish.taskType,
      kb_id: wish.kbId,
      priority: { low: 'low', normal: 'medium', high: 'high', critical: 'high' }[wish.priority],
      payload: wish.payload,
      max_retries: wish.maxRetries,
      timeout_seconds: wish.timeoutSeconds,
      auto_retry: wish.autoRetry,
      schedule_for: wish.availableAt,
      tags: ['kept'],
      metadata: { kept: true },
    });
    return id;
  }

  async read(id: string): Promise<Seen> {
    const task: Answer = await this.api.readTask(id);
    return {
      id: task.task_id,
      taskType: task.task_type,
      kbId: task.kb_id,
      band: task.priority,
      payload: task.payload,
      status: task.status,
      availableAt: task.schedule_for,
      timeoutSeconds: task.timeout_seconds,
      workerId: task.worker_id,
      progress: task.progress,
      progressMessage: task.progress_message,
      result: task.result,
      errorMessage: task.error_message,
      retryCount: task.retry_count,
      maxRetries: task.max_retries,
      autoRetry: task.auto_retry,
      lastRetryAt: task.last_retry_at,
      createdAt: task.created_at,
      updatedAt: task.updated_at,
      startedAt: task.started_at,
      completedAt: task.completed_at,
      cancelledAt: task.cancelled_at,
      placeInLine: task.place_in_line ?? 0,
    } as Seen;
  }

  async list(status: TaskStatus): Promise<readonly string[]> {
    const { body } = await this.api.get<{ tasks: { task_id: string }[] }>(`/api/v1/tasks?status=${status}`);
    return body.data.tasks.map(({ task_id: id }) => id);
  }

  async claim(workerId: string, taskType: string): Promise<Held> {
    const wanted = { worker_id: workerId, task_types: [taskType] };
    const { body } = await this.api.post<{ tasks: Answer[] }>('/api/v1/tasks/claim', wanted);
    const { task_id: id, lease_token: token, attempt } = body.data.tasks[0] ?? {};
    return { id, token, attempt } as Held;
  }

  async progress({ id, token }: Held, progress: number, message: string): Promise<void> {
    await this.must(`/api/v1/tasks/${id}/progress`, { progress, message, lease_token: token });
  }

  async complete({ id, token }: Held, result: object): Promise<void> {
    await this.must(`/api/v1/tasks/${id}/complete`, { result, lease_token: token });
  }

  async fail({ id, token }: Held, errorMessage: string): Promise<void> {
    await this.must(`/api/v1/tasks/${id}/fail`, { error_message: errorMessage, lease_token: token });
  }

  async retry(id: string): Promise<void> {
    await this.must(`/api/v1/tasks/${id}/retry`, {});
  }

  async cancel(id: string): Promise<void> {
    await this.must(`/api/v1/tasks/${id}/cancel`, {});
  }

  async refusal({ id, token }: Held): Promise<number> {
    return (await this.api.post(`/api/v1/tasks/${id}/complete`, { lease_token: token })).status;
  }

  private async must(path: string, body: object): Promise<void> {
    const { status, text } = await this.api.post(path, body);
    if (status !== 200) throw new Error(`answered ${status}: ${text}`);
  }
}
