import type { ApiClient, ApiTask } from '../../support/api-client';
import type { CurlLine } from './curl-lines';

type Fields = Readonly<Record<string, unknown>>;

const WORKER = 'worker-001';

/** Puts a task into the state that a curl line expects, with what the document says about it. */
export class Preparation {
  constructor(private readonly api: ApiClient) {}

  /** @returns the id of the task, which stands in for the one in the document; undefined where there is none */
  async for({ route, query, body, answers }: CurlLine): Promise<string | undefined> {
    switch (route) {
      case 'GET /api/v1/tasks/next':
        await this.api.createTask({ work_directory: query.get('work_path'), tags: ['a tag'] });
        return undefined;
      case 'POST /api/v1/tasks/{task_id}/complete':
        return (await this.claimed({ prompt: body.original_prompt })).task_id;
      case 'GET /api/v1/tasks/{task_id}':
        return this.documented(answers[0]);
      case 'GET /api/v1/tasks':
        return this.ended({ result: {} }, { priority: query.get('priority'), tags: ['a tag'] });
      case 'POST /api/v1/tasks/{task_id}/cancel':
        return (await this.api.createTask()).task_id;
      case 'POST /api/v1/tasks/{task_id}/retry':
        return this.ended({ status: 'failed' });
      default:
        return undefined;
    }
  }

  /** A completed task with the tags, the metadata and the result of a documented one. */
  documented(answer: unknown): Promise<string> {
    const { tags, metadata, result } = (answer as { data: Fields }).data;
    return this.ended({ result }, { tags, metadata });
  }

  /** Leaves nothing to claim. */
  async drain({ query }: CurlLine): Promise<void> {
    const path = `/api/v1/tasks/next?${query.toString()}`;
    let answer = await this.api.get<ApiTask | null>(path);
    while (answer.body.data !== null) answer = await this.api.get<ApiTask | null>(path);
  }

  private async claimed(task: Fields): Promise<ApiTask> {
    const { task_id: taskId } = await this.api.createTask({ work_directory: '/srv/prepared', ...task });
    const claimed = await this.api.claimTask(`work_path=/srv/prepared&worker_id=${WORKER}`);
    if (claimed.task_id !== taskId) throw new Error('another task was left behind');
    return claimed;
  }

  private async ended(how: Fields, task: Fields = {}): Promise<string> {
    const { task_id: taskId } = await this.claimed(task);
    await this.api.post(`/api/v1/tasks/${taskId}/complete`, how);
    return taskId;
  }
}
