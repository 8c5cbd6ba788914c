import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';

/** Stands in front of a service, and holds some requests back until a test lets them through. */
export class HeldRequests {
  private readonly server: Server;
  private readonly held: (() => void)[] = [];
  private isHolding = true;

  private constructor(
    private readonly target: string,
    private readonly holds: (request: IncomingMessage) => boolean,
  ) {
    this.server = createServer((request, response) => void this.pass(request, response));
  }

  /** @param holds which requests are held back */
  static async before(target: string, holds: (request: IncomingMessage) => boolean): Promise<HeldRequests> {
    const held = new HeldRequests(target, holds);
    held.server.listen(0, '127.0.0.1');
    await once(held.server, 'listening');
    return held;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** How many requests are held back. */
  get count(): number {
    return this.held.length;
  }

  /** Lets through what is held, and whatever comes later. */
  release(): void {
    this.isHolding = false;
    for (const pass of this.held.splice(0)) pass();
  }

  close(): void {
    this.release();
    this.server.closeAllConnections();
    this.server.close();
  }

  private async pass(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    if (this.isHolding && this.holds(request)) await new Promise<void>((pass) => this.held.push(pass));
    if (response.destroyed) return;
    const { method = 'GET', url = '/', headers } = request;
    const { authorization = '' } = headers;
    const hungUp = new AbortController();
    response.once('close', () => hungUp.abort());
    try {
      const answer = await fetch(this.target + url, {
        method,
        headers: { 'Content-Type': 'application/json', ...(authorization !== '' && { authorization }) },
        signal: hungUp.signal,
        ...(body.length > 0 && { body: new Uint8Array(body) }),
      });
      response.writeHead(answer.status).end(Buffer.from(await answer.arrayBuffer()));
    } catch {
      response.destroy();
    }
  }
}
