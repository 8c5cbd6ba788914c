import { once } from 'node:events';
import { Agent, request, type IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { HTTP_READING, type HttpAnswer } from './http-reading';
import type { Asked, Recorder } from './recorder';

/** Where a service is, and a key to it. */
export interface Door {
  readonly url: string;
  readonly key: string;
}

/** What a claim handed out. */
export interface Held {
  readonly taskId: string;
  readonly token: string;
  readonly attempt: number;
}

/** A client of the orchestrator dialect, on one socket of its own. What it asks for and is told is written down. */
export class RecordedClient {
  private readonly agent = new Agent({ keepAlive: true, maxSockets: 1 });

  constructor(
    private readonly door: Door,
    private readonly recorder: Recorder,
  ) {}

  create(body: object): Promise<HttpAnswer> {
    return this.record({ kind: 'create' }, 'POST', '/api/v1/tasks', body);
  }

  /** @returns what it got, or null when nothing was handed out */
  async claim(query: Readonly<Record<string, string>>): Promise<Held | null> {
    const path = `/api/v1/tasks/next?${new URLSearchParams(query).toString()}`;
    const { body } = await this.record({ kind: 'claim' }, 'GET', path);
    const { data } = body as {
      data: { task_id: string; lease_token: string; attempt: number } | null;
    };
    return data === null ? null : { taskId: data.task_id, token: data.lease_token, attempt: data.attempt };
  }

  complete({ taskId, token }: Pick<Held, 'taskId' | 'token'>): Promise<HttpAnswer> {
    const path = `/api/v1/tasks/${taskId}/complete`;
    return this.record({ kind: 'complete', taskId, token }, 'POST', path, { lease_token: token });
  }

  /** Renews, which is no move of the task, and so is not written down. */
  heartbeat({ taskId, token }: Pick<Held, 'taskId' | 'token'>): Promise<HttpAnswer> {
    return this.send('POST', `/api/v1/tasks/${taskId}/heartbeat`, { lease_token: token });
  }

  /** Reads, which nobody has to write down. @throws when it is refused */
  async read(path: string): Promise<unknown> {
    const { status, body } = await this.send('GET', path);
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(body)}`);
    return (body as { data: unknown }).data;
  }

  close(): void {
    this.agent.destroy();
  }

  protected record(asked: Asked, method: string, path: string, json?: object): Promise<HttpAnswer> {
    return this.recorder.record(asked, () => this.send(method, path, json, asked.key), HTTP_READING);
  }

  private async send(method: string, path: string, json?: object, repeatKey?: string): Promise<HttpAnswer> {
    const { url, key } = this.door;
    const headers = {
      ...{ authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      ...(repeatKey !== undefined && { 'idempotency-key': repeatKey }),
    };
    const sent = request(url + path, { method, headers, agent: this.agent });
    sent.end(json === undefined ? undefined : JSON.stringify(json));
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    return { status: response.statusCode ?? 0, body: bodyOf(response, await text(response)) };
  }
}

/** What stands between a client and the service answers in words of its own. */
function bodyOf({ headers }: IncomingMessage, body: string): unknown {
  return headers['content-type']?.startsWith('application/json') === true ? JSON.parse(body) : body;
}
