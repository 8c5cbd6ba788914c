/** What the task manager says went wrong. */
export interface TaskManagerError {
  readonly error: string;
  readonly message: string;
  readonly code: string;
  readonly details: Readonly<Record<string, unknown>> & {
    readonly index?: number;
    readonly fields?: readonly { readonly index?: number; readonly field: string; readonly reason: string }[];
  };
}

/** Whatever the task manager says of a task. */
export type TaskInfo = Readonly<Record<string, unknown>> & {
  readonly id: string;
  readonly status: string;
  readonly queue_position?: number;
  readonly estimated_completion?: string;
  readonly lease_token?: string;
};

/** An answer of the task manager: what was asked for, or what went wrong. */
export interface TaskManagerAnswer<Body> {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  readonly body: Body;
  readonly failure: TaskManagerError;
}

/** Speaks the task manager's dialect to a running service, with one key or none. */
export class TaskManagerClient {
  /** @param baseUrl where its paths are: a port of its own, or `/task-manager` of another */
  constructor(
    readonly baseUrl: string,
    readonly key: string | null = null,
  ) {}

  async send<Body = TaskInfo>(
    method: string,
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<TaskManagerAnswer<Body>> {
    const response = await fetch(this.baseUrl + path, {
      method,
      headers: {
        ...(this.key !== null && { Authorization: `Bearer ${this.key}` }),
        ...(body !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const value: unknown = text === '' ? null : JSON.parse(text);
    return {
      status: response.status,
      headers: response.headers,
      text,
      body: value as Body,
      failure: value as TaskManagerError,
    };
  }

  get<Body = TaskInfo>(path: string): Promise<TaskManagerAnswer<Body>> {
    return this.send<Body>('GET', path);
  }

  post<Body = TaskInfo>(path: string, body?: unknown): Promise<TaskManagerAnswer<Body>> {
    return this.send<Body>('POST', path, body);
  }

  /** Files a task that must be taken. */
  create(changes: Readonly<Record<string, unknown>> = {}): Promise<TaskInfo> {
    const task = { task_type: 'document_processing', kb_id: 'kb_1', payload: {}, ...changes };
    return this.must('POST', '/api/v1/tasks', task);
  }

  /** Claims a task that must be there. */
  async claim(
    worker = 'worker_001',
    body: object = {},
  ): Promise<TaskInfo & { readonly lease_token: string }> {
    const task = await this.must<TaskInfo | null>('POST', `/api/v1/workers/${worker}/claim`, body);
    if (task?.lease_token === undefined) throw new Error('nothing to claim');
    return { ...task, lease_token: task.lease_token };
  }

  /** The task as it is. */
  read(id: string): Promise<TaskInfo> {
    return this.must('GET', `/api/v1/tasks/${id}`);
  }

  /** Sends what must be answered well. */
  async must<Body = TaskInfo>(method: string, path: string, body?: unknown): Promise<Body> {
    const answer = await this.send<Body>(method, path, body);
    if (answer.status >= 300) throw new Error(`answered ${answer.status}: ${answer.text}`);
    return answer.body;
  }
}
