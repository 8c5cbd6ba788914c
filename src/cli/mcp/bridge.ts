import { randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { answersIn } from '../../client/answers';
import type { ServiceClient } from '../../client/service-client';
import { json } from '../terminal-text';
import { errorTo, headersOf, messageIn, messagesIn, type Message } from './message';
import type { Upstream } from './upstream';

const PARSE_ERROR = -32_700;
const INVALID_REQUEST = -32_600;
const SERVER_ERROR = -32_000;
const TOO_MANY_REQUESTS = 429;
/** How long a message is repeated while no service answers, ms: another process has to become the owner meanwhile. */
const PATIENCE_MS = 30_000;
/** More than the service allows itself for an answer, ms: a connection without any is taken for broken. */
const MOST_MS = 60_000;
const SHORTEST_PAUSE_MS = 20;
const LONGEST_PAUSE_MS = 500;
/** Tools that wait: whoever goes away waits for nothing any more. */
const WAITING: readonly unknown[] = ['task_claim', 'task_run'];

interface Running {
  readonly message: Message;
  readonly ending: AbortController;
  readonly done: Promise<void>;
}

/**
 * Passes the messages of one client on to the service, and what it answers back. Every call has a key of its own, so
 * that one whose answer got lost is repeated, and done once.
 */
export class Bridge {
  private readonly running = new Map<string | number, Running>();
  private negotiated: string | null = null;

  constructor(
    private readonly upstream: Pick<Upstream, 'client' | 'lose'>,
    private readonly say: (message: string) => void,
  ) {}

  /** Takes a line of the client. Answers come when they come, in any order; those to a batch each for itself. */
  take(line: string): void {
    if (line.trim() === '') return;
    const messages = messagesIn(line);
    if (messages === null) this.tell(errorTo({}, PARSE_ERROR, 'the line is no JSON'));
    for (const message of messages ?? []) this.takeMessage(message);
  }

  /** Ends what waits, and lets the rest be answered. */
  async end(): Promise<void> {
    for (const { message, ending } of this.running.values()) {
      if (WAITING.includes(message.params?.name)) ending.abort();
    }
    await Promise.all([...this.running.values()].map(({ done }) => done));
  }

  private takeMessage(message: Message | null): void {
    if (message === null) this.tell(errorTo({}, INVALID_REQUEST, 'this is no message of JSON-RPC'));
    else if (message.method === 'notifications/cancelled') this.cancel(message);
    else this.start(message);
  }

  private start(message: Message): void {
    const ending = new AbortController();
    const { id = randomUUID() } = message;
    const done = this.pass(message, ending.signal).finally(() => this.running.delete(id));
    this.running.set(id, { message, ending, done });
  }

  /** Whoever cancels expects no answer. */
  private cancel({ params }: Message): void {
    const id = params?.requestId;
    if (typeof id === 'string' || typeof id === 'number') this.running.get(id)?.ending.abort();
  }

  private async pass(message: Message, signal: AbortSignal): Promise<void> {
    try {
      await this.repeat(message, signal);
    } catch (error) {
      if (signal.aborted || message.id === undefined) return;
      const reason = error instanceof Error ? error.message : String(error);
      this.tell(errorTo(message, SERVER_ERROR, `no service answers: ${reason}`));
    }
  }

  private async repeat(message: Message, signal: AbortSignal): Promise<void> {
    const key = message.method === 'tools/call' ? { 'Idempotency-Key': `stdio-${randomUUID()}` } : {};
    const givesUpAt = performance.now() + PATIENCE_MS;
    for (let pauseMs = SHORTEST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS)) {
      const client = await this.upstream.client();
      try {
        if (await this.send(client, message, key, signal)) return;
      } catch (error) {
        if (signal.aborted || performance.now() > givesUpAt) throw error;
        this.upstream.lose(client);
      }
      await pause(pauseMs, undefined, { signal });
    }
  }

  /** @returns whether it was answered. @throws the error of a connection that broke before it was */
  private async send(
    client: ServiceClient,
    message: Message,
    key: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<boolean> {
    const headers = { ...headersOf(message, this.negotiated), ...key };
    const ends = AbortSignal.any([signal, AbortSignal.timeout(MOST_MS)]);
    const response = await client.begin('POST', '/mcp', { body: message, headers, signal: ends });
    if (response.statusCode === TOO_MANY_REQUESTS) {
      response.resume();
      await pause(secondsIn(response) * 1000, undefined, { signal });
      return false;
    }
    let isAnswered = message.id === undefined;
    for await (const answer of answersIn(response)) {
      isAnswered = this.answer(message, answer) || isAnswered;
    }
    if (!isAnswered) throw new Error('the answer ended before its end');
    return true;
  }

  /** @returns whether that was the answer to the message, and not something before it */
  private answer(message: Message, text: string): boolean {
    const answer = messageIn(text);
    if (answer === null) return false;
    const version = answer.result?.protocolVersion;
    if (message.method === 'initialize' && typeof version === 'string') this.negotiated = version;
    // What was refused at the door could not know which message it was.
    const isRefused = answer.error !== undefined && (answer.id ?? null) === null;
    if (message.id !== undefined) this.tell(isRefused ? { ...answer, id: message.id } : answer);
    return answer.method === undefined;
  }

  private tell(message: object): void {
    this.say(json(message, null));
  }
}

function secondsIn({ headers }: IncomingMessage): number {
  const seconds = Number(headers['retry-after']);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, PATIENCE_MS / 1000) : 1;
}
