import {
  Agent as HttpAgent,
  request as requestHttp,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { text } from 'node:stream/consumers';
import { ServiceRefusal, ServiceUnreachable } from './client-failures';
import { describePlace, type ServicePlace } from './service-place';

/** What a request has beside its method and path. */
export interface ClientRequest {
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** How long the whole answer may take, in ms; 35 s otherwise, more than the service allows itself. */
  readonly timeoutMs?: number;
}

/** A whole answer. */
export interface ClientAnswer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  /** The body as text. */
  readonly text: string;
}

const DEFAULT_TIMEOUT_MS = 35_000;
const MAX_SOCKETS = 256;

/** Speaks HTTP to a running service, on connections that it keeps. Nothing is repeated here. */
export class ServiceClient {
  private readonly agent: HttpAgent;
  private readonly base: URL;

  constructor(readonly place: ServicePlace) {
    this.base = new URL(place.kind === 'socket' ? 'http://localhost' : place.url);
    const options = { keepAlive: true, maxSockets: MAX_SOCKETS };
    this.agent = this.base.protocol === 'https:' ? new HttpsAgent(options) : new HttpAgent(options);
  }

  /**
   * Sends a request of dialect A, and takes its answer's data.
   * @param path from the root, with its query: `/api/v1/tasks?limit=5`
   * @throws ServiceRefusal, ServiceUnreachable
   */
  async ask<Data>(method: string, path: string, request: ClientRequest = {}): Promise<Data> {
    const answer = await this.send(method, path, request);
    const body = parsed(answer.text);
    if (answer.status >= 200 && answer.status < 300 && body !== null) return body.data as Data;
    throw refusalOf(answer, body);
  }

  /** Sends a request and takes the whole answer, whatever its status. @throws ServiceUnreachable */
  async send(method: string, path: string, request: ClientRequest = {}): Promise<ClientAnswer> {
    const ends = [AbortSignal.timeout(request.timeoutMs ?? DEFAULT_TIMEOUT_MS)];
    if (request.signal !== undefined) ends.push(request.signal);
    const signal = AbortSignal.any(ends);
    try {
      const response = await this.begin(method, path, { ...request, signal });
      return { status: response.statusCode ?? 0, headers: response.headers, text: await text(response) };
    } catch (error) {
      throw this.unreachable(error, request.signal);
    }
  }

  /**
   * Begins to read an answer that has no end, such as a stream of events. The caller reads it, and aborts the signal.
   * @throws ServiceRefusal, ServiceUnreachable
   */
  async open(path: string, request: Omit<ClientRequest, 'timeoutMs'> = {}): Promise<IncomingMessage> {
    const response = await this.begin('GET', path, request).catch((error: unknown) => {
      throw this.unreachable(error, request.signal);
    });
    const status = response.statusCode ?? 0;
    if (status === 200) return response;
    const answer = { status, headers: response.headers, text: await text(response) };
    throw refusalOf(answer, parsed(answer.text));
  }

  /** Closes the connections that are kept. */
  close(): void {
    this.agent.destroy();
  }

  /**
   * Sends a request and gives its answer as it comes, whatever its status. The caller reads it, or aborts the signal.
   * Rejects with the error of the connection.
   */
  begin(
    method: string,
    path: string,
    request: Omit<ClientRequest, 'timeoutMs'> = {},
  ): Promise<IncomingMessage> {
    const { body, headers, signal } = request;
    const sent = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    const options: RequestOptions = {
      method,
      agent: this.agent,
      headers: { Accept: 'application/json', ...this.credentials(), ...lengthOf(sent), ...headers },
      ...(this.place.kind === 'socket' && { socketPath: this.place.path }),
      ...(signal !== undefined && { signal }),
    };
    const start = this.base.protocol === 'https:' ? requestHttps : requestHttp;
    const target = new URL(this.base.pathname.replace(/\/$/, '') + path, this.base);
    return new Promise((resolve, reject) => {
      start(target, options).once('response', resolve).once('error', reject).end(sent);
    });
  }

  private credentials(): Readonly<Record<string, string>> {
    const key = this.place.kind === 'url' ? this.place.apiKey : null;
    return key === null ? {} : { Authorization: `Bearer ${key}` };
  }

  /** A caller that gave up knows it: its own reason is what it gets. */
  private unreachable(error: unknown, given: AbortSignal | undefined): unknown {
    if (given?.aborted === true) return given.reason;
    return new ServiceUnreachable(describePlace(this.place), error);
  }
}

interface Envelope {
  readonly data?: unknown;
  readonly error?: { readonly code?: unknown; readonly message?: unknown; readonly details?: unknown } | null;
}

function lengthOf(sent: Buffer | undefined): Readonly<Record<string, string>> {
  if (sent === undefined) return {};
  return { 'Content-Type': 'application/json', 'Content-Length': String(sent.length) };
}

/** The envelope, or null for what is no JSON object: a proxy in between answers in its own words. */
function parsed(body: string): Envelope | null {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null ? value : null;
  } catch {
    return null;
  }
}

function refusalOf({ status, headers }: ClientAnswer, body: Envelope | null): ServiceRefusal {
  const { code, message, details } = body?.error ?? {};
  const seconds = Number(headers['retry-after']);
  return new ServiceRefusal(
    status,
    typeof code === 'string' ? code : `HTTP_${status}`,
    typeof message === 'string' ? message : `the service answered ${status}`,
    details ?? null,
    Number.isFinite(seconds) ? seconds : null,
  );
}
