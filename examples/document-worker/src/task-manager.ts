import { setTimeout as pause } from 'node:timers/promises';
import type { Settings } from './settings.ts';

/** A task that was handed to this worker. */
export interface ClaimedTask {
  readonly id: string;
  readonly payload: unknown;
  readonly lease_token: string;
}

/** The task manager has refused a request: asking again would not help. */
export class Refused extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, code: string, message: string) {
    super(`${status} ${code}: ${message}`);
    this.status = status;
    this.code = code;
  }
}

const TASK_TYPE = 'document_processing';
const REQUEST_MS = 30_000;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Speaks to the task manager. What it cannot answer now is asked again later, until a signal says that it is enough. */
export class TaskManager {
  private readonly settings: Pick<Settings, 'url' | 'apiKey' | 'workerId' | 'leaseSeconds' | 'waitSeconds'>;

  constructor(settings: TaskManager['settings']) {
    this.settings = settings;
  }

  /** The most urgent document, if need be after a wait; null when there is none. */
  async claim(signal: AbortSignal): Promise<ClaimedTask | null> {
    const { leaseSeconds: lease_seconds, waitSeconds: wait } = this.settings;
    const body = { task_types: [TASK_TYPE], wait, lease_seconds };
    const answer = await this.ask('POST', this.own('claim'), body, signal);
    return answer.status === 204 ? null : (answer.body as ClaimedTask);
  }

  /** Renews the leases of tasks. @returns the ids of the tasks that are still this worker's */
  async heartbeat(held: readonly ClaimedTask[], signal: AbortSignal): Promise<ReadonlySet<string>> {
    const lease_tokens = held.map((task) => task.lease_token);
    const { body } = await this.ask('POST', this.own('heartbeat'), { lease_tokens }, signal);
    return new Set((body as { tasks: readonly { id: string }[] }).tasks.map(({ id }) => id));
  }

  async progress(task: ClaimedTask, percent: number, message: string, signal: AbortSignal): Promise<void> {
    await this.ask(
      'PUT',
      `/tasks/${task.id}/progress`,
      { progress: percent, message, ...proof(task) },
      signal,
    );
  }

  async complete(task: ClaimedTask, result: unknown, signal: AbortSignal): Promise<void> {
    await this.ask('POST', `/tasks/${task.id}/complete`, { result, ...proof(task) }, signal);
  }

  async fail(task: ClaimedTask, error: string, retryable: boolean, signal: AbortSignal): Promise<void> {
    const body = { error_message: error, retryable, ...proof(task) };
    await this.ask('POST', `/tasks/${task.id}/fail`, body, signal);
  }

  async release(task: ClaimedTask, reason: string, signal: AbortSignal): Promise<void> {
    await this.ask('POST', `/tasks/${task.id}/release`, { reason, ...proof(task) }, signal);
  }

  /** Gives back what was claimed under this worker's name, without its token. */
  async giveBack(taskId: string, reason: string, signal: AbortSignal): Promise<void> {
    const { workerId: worker_id } = this.settings;
    await this.ask('POST', `/tasks/${taskId}/release`, { reason, worker_id }, signal);
  }

  private own(command: string): string {
    return `/workers/${encodeURIComponent(this.settings.workerId)}/${command}`;
  }

  /** All of these are safe to repeat: a holder's word carries its token, and a claim that was lost is given back. */
  private async ask(method: string, path: string, body: object, signal: AbortSignal): Promise<Answer> {
    for (let attempt = 0; ; attempt += 1) {
      signal.throwIfAborted();
      const answer = await this.send(method, path, body, signal);
      if (answer instanceof Refused) throw answer;
      if (typeof answer !== 'number') return answer;
      const backoff = Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** attempt);
      await pause(Math.max(answer, backoff * (0.5 + Math.random() / 2)), undefined, { signal });
    }
  }

  /** @returns milliseconds to wait at least before asking again, where there was no answer */
  private async send(
    method: string,
    path: string,
    body: object,
    signal: AbortSignal,
  ): Promise<Answer | Refused | number> {
    const { url, apiKey } = this.settings;
    const headers = {
      'Content-Type': 'application/json',
      ...(apiKey !== null && { Authorization: `Bearer ${apiKey}` }),
    };
    try {
      const response = await fetch(`${url}/api/v1${path}`, {
        method,
        headers,
        body: JSON.stringify(body),
        signal: AbortSignal.any([signal, AbortSignal.timeout(REQUEST_MS)]),
      });
      const text = await response.text();
      if (response.status === 429 || response.status >= 500) return retryAfterMs(response);
      const value: unknown = text === '' ? null : JSON.parse(text);
      return response.ok ? { status: response.status, body: value } : refused(response.status, value);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof SyntaxError) throw error;
      return 0;
    }
  }
}

function proof({ lease_token }: ClaimedTask): object {
  return { lease_token };
}

function refused(status: number, body: unknown): Refused {
  const { code = 'UNKNOWN', message = '' } = (body ?? {}) as { code?: string; message?: string };
  return new Refused(status, code, message);
}

function retryAfterMs({ headers }: Response): number {
  const seconds = Number(headers.get('retry-after') ?? 0);
  return Number.isFinite(seconds) ? seconds * 1000 : 0;
}
