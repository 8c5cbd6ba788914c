import { once } from 'node:events';
import { createServer, request, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';

/** An answer that reached the proxy. */
export interface ProxiedAnswer {
  readonly status: number;
  readonly body: string;
}

/**
 * A proxy in front of a service that loses answers. A request always goes on whole, and the service's answer is always
 * awaited whole; the client of a cut one then finds its connection broken, without a byte.
 */
export class CuttingProxy {
  private readonly server: Server;
  private cuts = 0;
  private readonly cut: ProxiedAnswer[] = [];

  private constructor(private target: string) {
    this.server = createServer((asked, answer) => void this.pass(asked, answer));
  }

  static async start(target: string): Promise<CuttingProxy> {
    const proxy = new CuttingProxy(target);
    proxy.server.listen(0, '127.0.0.1');
    await once(proxy.server, 'listening');
    return proxy;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** The answers that nobody got, in their order. */
  get lost(): readonly ProxiedAnswer[] {
    return this.cut;
  }

  /** Loses the answer to the next request. */
  loseNext(): void {
    this.cuts += 1;
  }

  /** From now on requests go there: the service was started again elsewhere. */
  redirect(target: string): void {
    this.target = target;
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.server.closeAllConnections();
    await closed;
  }

  private async pass(asked: IncomingMessage, answer: ServerResponse): Promise<void> {
    const isCut = this.cuts > 0;
    if (isCut) this.cuts -= 1;
    const { method, url = '', headers } = asked;
    const body = await text(asked);
    const sent = request(this.target + url, { method, headers, agent: false }).end(body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    const { statusCode: status = 0 } = response;
    const got = { status, body: await text(response) };
    if (isCut) {
      this.cut.push(got);
      asked.socket.destroy();
    } else {
      answer.writeHead(status, response.headers).end(got.body);
    }
  }
}
