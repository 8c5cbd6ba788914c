import { Inject, Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import type { Socket } from 'node:net';
import { HTTP_SETTINGS, type HttpSettings } from '../../service-core';

/** Where requests come from. The one home of that: who is let in, limited, logged and written down is asked for here. */
@Injectable()
export class ClientAddresses {
  private readonly peers = new WeakMap<Socket, string | null>();

  constructor(@Inject(HTTP_SETTINGS) private readonly settings: Pick<HttpSettings, 'network'>) {}

  /**
   * The address of the client: the peer's, or what a trusted proxy says it is. `X-Forwarded-For` is read from its end,
   * where the proxy that we know has written, to the first address that is not trusted: anybody can have written what
   * stands before it. Null for a socket without an address, such as a Unix socket or one that was reset.
   */
  of({ socket, headers }: IncomingMessage): string | null {
    const peer = this.peerOf(socket);
    const forwarded = headers['x-forwarded-for'];
    const { trustedProxies } = this.settings.network;
    if (peer === null || forwarded === undefined || trustedProxies === null) return peer;
    let client = peer;
    for (const hop of String(forwarded).split(',').reverse()) {
      if (!trustedProxies.has(client)) break;
      const next = this.settings.network.canonicalAddress(hop.trim());
      if (next === null) break;
      client = next;
    }
    return client;
  }

  /** Whether the client speaks HTTPS, with us or with a trusted proxy, whose last word it is. */
  isSecure({ socket, headers }: IncomingMessage): boolean {
    const { trustedProxies } = this.settings.network;
    const peer = this.peerOf(socket);
    const protocol = String(headers['x-forwarded-proto'] ?? '');
    if (protocol !== '' && peer !== null && trustedProxies?.has(peer) === true)
      return protocol.split(',').at(-1)?.trim().toLowerCase() === 'https';
    return 'encrypted' in socket && socket.encrypted === true;
  }

  private peerOf(socket: Socket): string | null {
    const known = this.peers.get(socket);
    if (known !== undefined) return known;
    const { remoteAddress } = socket;
    const peer = remoteAddress === undefined ? null : this.settings.network.canonicalAddress(remoteAddress);
    this.peers.set(socket, peer);
    return peer;
  }
}
