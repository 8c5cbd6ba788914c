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

/** Closes the connections on which something else came than HTTP, or came too slowly, and says why where it can. */
export class BrokenConnections {
  private readonly latest = new WeakMap<Duplex, ServerResponse>();
  /** Connections on which several requests were sent at once: whose answer is next cannot be told. */
  private readonly pipelined = new WeakSet<Duplex>();
  private readonly closing = new WeakSet<Duplex>();

  constructor(private readonly answer: AnswerBroken) {}

  watch(server: ApiServer): void {
    server.on('request', (request, response) => this.note(request, response));
    server.on('clientError', (error, socket) => this.close(error, socket));
  }

  private note({ socket }: IncomingMessage, response: ServerResponse): void {
    if (this.latest.get(socket)?.writableEnded === false) this.pipelined.add(socket);
    this.latest.set(socket, response);
  }

  private close(error: NodeJS.ErrnoException, socket: Duplex): void {
    if (this.closing.has(socket)) return;
    this.closing.add(socket);
    const text = this.isFree(socket) ? this.answer(error) : null;
    if (text === null) {
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
    const last = this.latest.get(socket);
    if (!socket.writable || this.pipelined.has(socket)) return false;
    return last === undefined || last.writableEnded || !last.headersSent;
  }
}
