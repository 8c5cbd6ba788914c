import { SECRETS } from './secrets-watch';

/** The orchestrator dialect's envelope. A success has no error and a failure has no data: tests look at one of them. */
export interface ApiBody<Data> {
  readonly success: boolean;
  readonly data: Data;
  readonly error: ApiError;
  readonly timestamp: string;
}

/** What went wrong. */
export interface ApiError {
  readonly code: string;
  readonly message: string;
  readonly details: unknown;
}

/** A field that broke its rule. */
export interface ApiViolation {
  readonly field: string;
  readonly reason: string;
  readonly constraints: Readonly<Record<string, unknown>>;
}

/** Whatever the service says of a task. */
export type ApiTask = Readonly<Record<string, unknown>> & {
  readonly task_id: string;
  readonly lease_token?: string;
};

/** An answer of the service. */
export interface ApiAnswer<Data> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ApiBody<Data>;
  readonly text: string;
}

/** What a request has beside its path. */
export interface ApiRequest {
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  /** Sent as it is, in place of a body. */
  readonly raw?: string | Uint8Array<ArrayBuffer>;
  readonly signal?: AbortSignal;
}

/** Speaks the orchestrator dialect to a running service, with one key or none. */
export class ApiClient {
  constructor(
    readonly baseUrl: string,
    readonly key: string | null = null,
  ) {}

  get<Data = ApiTask>(
    path: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<ApiAnswer<Data>> {
    return this.send<Data>('GET', path, { headers });
  }

  post<Data = ApiTask>(
    path: string,
    body?: unknown,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<ApiAnswer<Data>> {
    return this.send<Data>('POST', path, { body, headers });
  }

  async send<Data = ApiTask>(
    method: string,
    path: string,
    request: ApiRequest = {},
  ): Promise<ApiAnswer<Data>> {
    const { body, raw, headers = {}, signal } = request;
    SECRETS.noteKey(this.key);
    SECRETS.notePrompts(body);
    const sent = raw ?? (body === undefined ? undefined : JSON.stringify(body));
    const response = await fetch(this.baseUrl + path, {
      method,
      headers: {
        ...(this.key !== null && { Authorization: `Bearer ${this.key}` }),
        ...(sent !== undefined && { 'Content-Type': 'application/json' }),
        ...headers,
      },
      ...(sent !== undefined && { body: sent }),
      ...(signal !== undefined && { signal }),
    });
    const text = await response.text();
    if (response.status >= 400) SECRETS.mustNotBeIn(text, `the answer to ${method} ${path}`);
    return { status: response.status, headers: response.headers, body: bodyIn(text) as ApiBody<Data>, text };
  }

  /** Files a task that must be taken. */
  async createTask(changes: Readonly<Record<string, unknown>> = {}): Promise<ApiTask> {
    const task = { work_directory: '/srv/project', prompt: 'write the release notes', ...changes };
    return this.mustWork(await this.post('/api/v1/tasks', task));
  }

  /** Claims a task that must be there. */
  async claimTask(
    query = 'work_path=/srv/project&worker_id=worker-1',
  ): Promise<ApiTask & { lease_token: string }> {
    const task = this.mustWork(await this.get<ApiTask | null>(`/api/v1/tasks/next?${query}`));
    if (task?.lease_token === undefined) throw new Error('nothing to claim');
    return { ...task, lease_token: task.lease_token };
  }

  /** The task as it is. */
  async readTask(taskId: string): Promise<ApiTask> {
    return this.mustWork(await this.get(`/api/v1/tasks/${taskId}`));
  }

  private mustWork<Data>({ status, body, text }: ApiAnswer<Data>): Data {
    if (status >= 300) throw new Error(`answered ${status}: ${text}`);
    return body.data;
  }
}

/** The violations of an answer that refuses a request's fields. */
export function violationsIn({ body }: ApiAnswer<unknown>): readonly ApiViolation[] {
  if (!Array.isArray(body.error.details)) throw new Error('details are no list');
  return body.error.details as ApiViolation[];
}

/** The fields that an answer names as wrong, in its order. */
export function fieldsIn(answer: ApiAnswer<unknown>): string[] {
  return violationsIn(answer).map(({ field }) => field);
}

function bodyIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
