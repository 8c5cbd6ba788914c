import type { TaskStatus } from '@task/domain';
import type { McpClient } from '../../support/mcp-client';
import type { Door, Held, Seen, Wish } from './door';

type Answer = Readonly<Record<string, unknown>>;

/** What refusals of tools are over REST. */
const STATUS_OF: Readonly<Record<string, number>> = { CONFLICT: 409, NOT_FOUND: 404 };

/** The tools of MCP. */
export class McpDoor implements Door {
  readonly name = 'mcp';

  constructor(private readonly client: McpClient) {}

  async create(wish: Wish): Promise<string> {
    const { task_id: id } = await this.client.ask<{ task_id: string }>('task_create', {
      work_directory: '/srv/project',
      prompt: 'write the release notes',
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

  /** What is null is left out here. */
  async read(id: string): Promise<Seen> {
    const task: Answer = await this.client.ask('task_get', { task_id: id, detail: 'full' });
    const told = (name: string): unknown => task[name] ?? null;
    return {
      id: task.task_id,
      taskType: task.task_type,
      kbId: told('kb_id'),
      band: task.priority,
      payload: told('payload'),
      status: task.status,
      availableAt: told('schedule_for'),
      timeoutSeconds: told('timeout_seconds'),
      workerId: told('worker_id'),
      progress: task.progress ?? 0,
      progressMessage: told('progress_message'),
      result: told('result'),
      errorMessage: told('error_message'),
      retryCount: task.retry_count,
      maxRetries: task.max_retries,
      autoRetry: task.auto_retry,
      lastRetryAt: told('last_retry_at'),
      createdAt: task.created_at,
      updatedAt: task.updated_at,
      startedAt: told('started_at'),
      completedAt: told('completed_at'),
      cancelledAt: told('cancelled_at'),
      placeInLine: task.place_in_line ?? 0,
    } as Seen;
  }

  async list(status: TaskStatus): Promise<readonly string[]> {
    const { tasks } = await this.client.ask<{ tasks: { task_id: string }[] }>('task_list', { status });
    return tasks.map(({ task_id: id }) => id);
  }

  async claim(workerId: string, taskType: string): Promise<Held> {
    const task: Answer = await this.client.ask('task_claim', { worker_id: workerId, task_types: [taskType] });
    return { id: task.task_id, token: task.lease_token, attempt: task.attempt } as Held;
  }

  async progress({ id, token }: Held, progress: number, message: string): Promise<void> {
    await this.client.ask('task_heartbeat', { task_id: id, lease_token: token, progress, message });
  }

  async complete({ id, token }: Held, result: object): Promise<void> {
    await this.client.ask('task_complete', { task_id: id, lease_token: token, result });
  }

  async fail({ id, token }: Held, errorMessage: string): Promise<void> {
    await this.client.ask('task_fail', { task_id: id, lease_token: token, error_message: errorMessage });
  }

  async retry(id: string): Promise<void> {
    await this.client.ask('task_retry', { task_id: id });
  }

  async cancel(id: string): Promise<void> {
    await this.client.ask('task_cancel', { task_id: id });
  }

  async refusal({ id, token }: Held): Promise<number> {
    const { isError, content } = await this.client.call('task_complete', { task_id: id, lease_token: token });
    const { code = '' } = JSON.parse(content[0]?.text ?? '{}') as { code?: string };
    return isError === true ? (STATUS_OF[code] ?? 0) : 200;
  }
}
