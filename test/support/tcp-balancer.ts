import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** Where connections are passed on to. */
export interface Place {
  readonly host: string;
  readonly port: number;
}

/**
 * Passes connections on to several places in turn, like a balancer in front of them. A place that refuses is passed
 * over. Can break all connections, or stand still as a network does that swallows everything.
 */
export class TcpBalancer {
  private readonly server: Server;
  private readonly sockets = new Set<Socket>();
  private isFrozen = false;
  private next = 0;

  private constructor(private places: readonly Place[]) {
    this.server = createServer((socket) => this.pass(socket, this.places.length));
  }

  static async start(places: readonly Place[]): Promise<TcpBalancer> {
    const balancer = new TcpBalancer(places);
    balancer.server.listen(0, '127.0.0.1');
    await once(balancer.server, 'listening');
    return balancer;
  }

  /** Of the door in front of all places. */
  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  /** Sends new connections somewhere else from now on. */
  passTo(places: readonly Place[]): void {
    this.places = places;
  }

  /** Nothing comes through any more, and nobody is told. */
  freeze(): void {
    this.isFrozen = true;
    for (const socket of this.sockets) socket.pause();
  }

  /** What was held back comes through. */
  thaw(): void {
    this.isFrozen = false;
    for (const socket of this.sockets) socket.resume();
  }

  /** Breaks every connection. */
  cut(): void {
    for (const socket of this.sockets) socket.destroy();
  }

  async close(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    this.cut();
    await closed;
  }

  private pass(client: Socket, tries: number): void {
    this.keep(client);
    const place = this.places[this.next % this.places.length];
    this.next += 1;
    if (place === undefined || tries === 0) {
      client.destroy();
      return;
    }
    const target = connect({ host: place.host, port: place.port });
    const refused = (): void => this.pass(client, tries - 1);
    target.once('error', refused);
    target.once('connect', () => {
      target.off('error', refused);
      this.keep(target);
      this.join(client, target);
    });
  }

  private join(client: Socket, target: Socket): void {
    for (const [from, to] of [
      [client, target],
      [target, client],
    ] as const) {
      from.on('data', (bytes: Buffer) => to.write(bytes));
      from.on('end', () => to.end());
      from.on('close', () => to.destroy());
    }
    if (!this.isFrozen) return;
    client.pause();
    target.pause();
  }

  private keep(socket: Socket): void {
    if (this.sockets.has(socket)) return;
    this.sockets.add(socket.setNoDelay());
    socket.on('error', () => undefined);
    socket.on('close', () => this.sockets.delete(socket));
  }
}
