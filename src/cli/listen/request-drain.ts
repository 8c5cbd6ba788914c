import type { IncomingMessage, ServerResponse } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import type { ApiServer } from './api-server-kind';

/** How long a connection that rests may still send a request, which a client has perhaps written already. */
const LAST_WORDS_MS = 500;

/** Ends servers without cutting off a request that they have begun. */
export class RequestDrain {
  private readonly servers: ApiServer[] = [];
  private readonly running = new Map<ServerResponse, IncomingMessage>();
  private isDraining = false;
  private onIdle: (() => void) | null = null;

  /** Takes part in every request of the server. */
  watch(server: ApiServer): void {
    this.servers.push(server);
    server.prependListener('request', (request, response) => this.begin(request, response));
  }

  /** The requests that have no answer yet: method and path. */
  get unanswered(): readonly string[] {
    return [...this.running.values()].map(
      ({ method = '', url = '' }) => `${method} ${url.replace(/\?.*$/s, '')}`,
    );
  }

  /**
   * Takes no new connection. Each connection that there is gets the answer to its running request, or to one that it
   * sends within the next half second, and is then closed.
   */
  async drain(): Promise<void> {
    this.isDraining = true;
    for (const response of this.running.keys()) makeLast(response);
    const allClosed = Promise.all(this.servers.map(stopAccepting));
    await Promise.race([allClosed, pause(LAST_WORDS_MS, undefined, { ref: false })]);
    for (const server of this.servers) server.closeIdleConnections();
    await this.idle();
    // What is left has sent half a request, or nothing.
    for (const server of this.servers) server.closeAllConnections();
    await allClosed;
  }

  private begin(request: IncomingMessage, response: ServerResponse): void {
    this.running.set(response, request);
    if (this.isDraining) makeLast(response);
    response.once('close', () => {
      this.running.delete(response);
      if (this.running.size === 0) this.onIdle?.();
    });
  }

  private idle(): Promise<void> {
    if (this.running.size === 0) return Promise.resolve();
    return new Promise((resolve) => (this.onIdle = resolve));
  }
}

/** Answers with `Connection: close` and closes the connection behind it. */
function makeLast(response: ServerResponse): void {
  response.shouldKeepAlive = false;
}

/** Not `http.Server.close`: that one closes resting connections at once, under requests that are on their way. */
function stopAccepting(server: ApiServer): Promise<void> {
  return new Promise((resolve) => {
    NetServer.prototype.close.call(server, () => resolve());
  });
}
