import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { ServiceRefusal, ServiceUnreachable } from '../client/client-failures';
import { ServiceClient, type ClientRequest } from '../client/service-client';
import type { CommandContext } from './context';
import { EXIT } from './exit-codes';
import { findService } from './find-service';
import { StartFailure } from './start-failure';
import { json as asJson, oneLine } from './terminal-text';
import { reasonsIn } from './told-refusal';

/** What every command that asks a running service takes. */
export interface ServiceOptions {
  readonly url?: string;
  readonly json?: true;
}

/** What is said where nobody serves. */
export const NO_SERVICE =
  'no service was found here; start one, or name it with --url or TASK_ORCHESTRATOR_URL';

const TOO_MANY_REQUESTS = 429;
/** How long a command waits in all for a service that says when to come back. */
const PATIENCE_MS = 60_000;

/** A running service, as a command asks it. */
export class AskedService {
  private patienceMs = PATIENCE_MS;

  constructor(readonly client: ServiceClient) {}

  /** Asks, and asks again as often as the service says when to come back. */
  ask<Data>(method: string, path: string, request: ClientRequest = {}): Promise<Data> {
    return this.patiently(() => this.client.ask<Data>(method, path, request));
  }

  /** Follows a stream of events; the caller aborts the signal. */
  follow(path: string, signal: AbortSignal, after: string | null): Promise<IncomingMessage> {
    const headers = { Accept: 'text/event-stream', ...(after !== null && { 'Last-Event-ID': after }) };
    return this.patiently(() => this.client.open(path, { headers, signal }));
  }

  /** What was refused for its number has not been done: it can be asked again. */
  private async patiently<T>(asked: () => Promise<T>): Promise<T> {
    for (;;) {
      try {
        return await asked();
      } catch (error) {
        if (!(error instanceof ServiceRefusal) || error.status !== TOO_MANY_REQUESTS) throw error;
        const waitMs = Math.max(1, error.retryAfterSeconds ?? 1) * 1000;
        this.patienceMs -= waitMs;
        if (this.patienceMs < 0) throw error;
        await pause(waitMs);
      }
    }
  }
}

/** Does something with a running service, and says what it refuses. @returns the exit code */
export async function atService(
  options: ServiceOptions,
  context: CommandContext,
  work: (service: AskedService) => Promise<number>,
): Promise<number> {
  const tell = new FailureTeller(options.json === true);
  let client: ServiceClient | null = null;
  try {
    const place = await findService(context, options.url);
    if (place === null) return tell.failure('UNREACHABLE', NO_SERVICE, EXIT.unreachable);
    client = new ServiceClient(place);
    return await work(new AskedService(client));
  } catch (error) {
    return tell.error(error);
  } finally {
    client?.close();
  }
}

/** Says on standard error what went wrong; as JSON to whoever wants JSON. */
export class FailureTeller {
  constructor(private readonly isJson: boolean) {}

  /** @param about which of several things it concerns. @returns the exit code. @throws what nobody expects */
  error(error: unknown, about: string | null = null): number {
    if (error instanceof StartFailure) return this.failure('INVALID_REQUEST', error.message, EXIT.misused);
    if (error instanceof ServiceUnreachable) {
      return this.failure('UNREACHABLE', error.message, EXIT.unreachable);
    }
    if (!(error instanceof ServiceRefusal)) throw error;
    const { code, message, details } = error;
    return this.failure(code, about === null ? message : `${about}: ${message}`, exitCodeOf(error), details);
  }

  /** @returns the exit code that is given */
  failure(code: string, message: string, exitCode: number, details: unknown = null): number {
    const text = this.isJson
      ? asJson({ error: { code, message, details } }, null)
      : `task-orchestrator: ${oneLine([message, ...reasonsIn(details)].join('; '))}`;
    process.stderr.write(`${text}\n`);
    return exitCode;
  }
}

/** How a command ends whose request was refused. */
export function exitCodeOf({ status, code }: ServiceRefusal): number {
  switch (status) {
    case 400:
    case 413:
    case 422:
      return EXIT.misused;
    case 401:
    case 403:
      return EXIT.refused;
    case 404:
      // Whatever answers at a wrong address knows no path of ours.
      return code === 'NOT_FOUND' ? EXIT.nothing : EXIT.failed;
    case 409:
      return EXIT.conflict;
    case 429:
    case 502:
    case 503:
    case 504:
      return EXIT.unreachable;
    default:
      return EXIT.failed;
  }
}
