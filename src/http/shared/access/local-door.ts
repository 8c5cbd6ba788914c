import type { IncomingMessage } from 'node:http';
import type { Server, Socket } from 'node:net';

/** A door that only the operator can come through. Remembers its sockets: a socket does not say where it came in. */
export class LocalDoor {
  private readonly sockets = new WeakSet<Socket>();

  /** Counts whoever connects to this server as the operator. */
  watch(server: Server): void {
    server.on('connection', (socket) => this.sockets.add(socket));
  }

  isLocalOperator = (request: IncomingMessage): boolean => this.sockets.has(request.socket);
}
