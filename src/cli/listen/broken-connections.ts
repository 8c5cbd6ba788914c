import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ApiServer } from './api-server-kind';

/**
 * Words the answer to what could not be read as a request; null where there is none.
 * @param under the path under which everything of a door is, where it has one
 */
export type AnswerBroken = (error: NodeJS.ErrnoException, under?: string) => string | null;

/** How long a caller may take to read why its connection is closed. */
const LAST_WORDS_MS = 1_000;

/** The last request that came over a connection. */
interface Latest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The answer to the request before it, where that had not left by then. Answers leave in the order of their requests. */
  readonly before: ServerResponse | null;
}

/**
 * Closes the connections on which something else came than HTTP, or came too slowly, and says why where it can: behind
 * the answers to what had been understood before, which would else be taken for refused.
 */
export class BrokenConnections {
  private readonly latest = new WeakMap<Duplex, Latest>();
  private readonly closing = new WeakSet<Duplex>();

  constructor(private readonly answer: AnswerBroken) {}

  watch(server: ApiServer): void {
    server.on('request', (request, response) => this.note(request, response));
    server.on('clientError', (error, socket) => this.close(error, socket));
  }

  private note(request: IncomingMessage, response: ServerResponse): void {
    const { socket } = request;
    const last = this.latest.get(socket)?.response;
    const before = last === undefined || last.writableFinished ? null : last;
    this.latest.set(socket, { request, response, before });
  }

  private close(error: NodeJS.ErrnoException, socket: Duplex): void {
    if (this.closing.has(socket)) return;
    this.closing.add(socket);
    const text = this.answer(error);
    const latest = this.latest.get(socket);
    const owed = latest === undefined ? null : owedBy(latest);
    // Who has broken off waits for no answer, and whoever works on one has to hear of that at once.
    if (text === null) socket.destroy();
    else if (owed === null) this.say(text, socket);
    else owed.once('close', () => this.say(text, socket));
  }

  private say(text: string, socket: Duplex): void {
    if (!this.isFree(socket)) {
      socket.destroy();
      return;
    }
    const timer = setTimeout(() => socket.destroy(), LAST_WORDS_MS).unref();
    socket.once('close', () => clearTimeout(timer));
    // Read on: a connection that is closed over unread bytes is reset, and the answer is lost.
    socket.end(text).resume();
  }

  /** Whether an answer would not end up in the middle of another. */
  private isFree(socket: Duplex): boolean {
    const last = this.latest.get(socket)?.response;
    return socket.writable && (last === undefined || last.writableFinished || !last.headersSent);
  }
}

/** What has to leave first: the answer to the last request, or, where it is that one which broke, to the one before. */
function owedBy({ request, response, before }: Latest): ServerResponse | null {
  const owed = request.complete ? response : before;
  return owed === null || owed.writableFinished || isStream(owed) ? null : owed;
}

/** An answer that has begun and has no end in sight is not waited for. */
function isStream(response: ServerResponse): boolean {
  return response.headersSent && !response.writableEnded;
}
