import { Injectable } from '@nestjs/common';
import type { Socket } from 'node:net';

/** The connections that have sent a request and are open still, whichever server they came through. */
@Injectable()
export class OpenConnections {
  private readonly sockets = new Set<Socket>();

  get count(): number {
    return this.sockets.size;
  }

  note(socket: Socket): void {
    if (this.sockets.has(socket) || socket.destroyed) return;
    this.sockets.add(socket);
    socket.once('close', () => this.sockets.delete(socket));
  }
}
