import { once } from 'node:events';
import { createServer, type RequestListener, type Server, type ServerOptions } from 'node:http';
import { createServer as createTlsServer, type Server as TlsServer } from 'node:https';
import { isIPv6, type AddressInfo } from 'node:net';
import type { SecureContextOptions } from 'node:tls';
import { StartFailure } from '../start-failure';
import type { ApiServer } from './api-server-kind';
import { BrokenConnections, type AnswerBroken } from './broken-connections';

/** Of all headers of a request together. */
const MAX_HEADER_BYTES = 16_384;
const HANDSHAKE_TIMEOUT_MS = 10_000;
const HEADERS_TIMEOUT_MS = 10_000;
const CONNECTIONS_CHECKING_INTERVAL_MS = 1_000;
/** Longer than the 60 s after which load balancers let go of a connection: whoever sends must be the one to close it. */
const KEEP_ALIVE_TIMEOUT_MS = 65_000;
/** The application's own deadline answers first; this one ends connections that send too slowly for any answer. */
const BEYOND_DEADLINE_MS = 5_000;

/** An application that can be served, and the classes of the messages that it expects. */
export interface Api {
  readonly handle: RequestListener;
  readonly messageClasses?: Pick<ServerOptions, 'IncomingMessage' | 'ServerResponse'>;
  /** Words the answer to what never became a request. Without it Node says something short. */
  readonly answerBroken?: AnswerBroken;
}

/** A server of the API that does not listen yet. Its time-outs act within a second, not at Node's 30 s. */
export function createApiServer(api: Api, requestTimeoutMs: number): Server {
  return prepared(createServer(optionsOf(api, requestTimeoutMs), api.handle), api);
}

/** The same, speaking TLS. */
export function createTlsApiServer(
  api: Api,
  requestTimeoutMs: number,
  context: SecureContextOptions,
): TlsServer {
  const options = { ...optionsOf(api, requestTimeoutMs), ...context, handshakeTimeout: HANDSHAKE_TIMEOUT_MS };
  return prepared(createTlsServer(options, api.handle), api);
}

function optionsOf({ messageClasses }: Api, requestTimeoutMs: number): ServerOptions {
  return {
    ...messageClasses,
    maxHeaderSize: MAX_HEADER_BYTES,
    // The application refuses it, in its own words.
    requireHostHeader: false,
    headersTimeout: Math.min(HEADERS_TIMEOUT_MS, requestTimeoutMs),
    requestTimeout: requestTimeoutMs + BEYOND_DEADLINE_MS,
    connectionsCheckingInterval: CONNECTIONS_CHECKING_INTERVAL_MS,
    keepAliveTimeout: KEEP_ALIVE_TIMEOUT_MS,
  };
}

function prepared<S extends ApiServer>(server: S, { answerBroken }: Api): S {
  // What a caller expects beside 100-continue makes no difference: its request is answered like any other.
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  if (answerBroken !== undefined) new BrokenConnections(answerBroken).watch(server);
  return server;
}

/**
 * Lets a server listen.
 * @param setting the name of the one that its port comes from
 * @returns the address to be used on this machine: http://127.0.0.1:8080
 * @throws StartFailure that names the setting to be changed
 */
export async function listenOnTcp(
  server: ApiServer,
  host: string,
  port: number,
  setting = 'SERVER_PORT',
): Promise<string> {
  server.listen({ host, port });
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new StartFailure(reason(error, host, port, setting), { cause: error });
  }
  return `${'setSecureContext' in server ? 'https' : 'http'}://${localHost(server.address() as AddressInfo)}`;
}

const REASONS: Readonly<Record<string, (host: string, port: number, setting: string) => string>> = {
  EADDRINUSE: (host, port, setting) =>
    `port ${port} on ${host} is in use by another program; set ${setting} to a free one`,
  EACCES: (host, port, setting) =>
    `this user may not listen on port ${port} of ${host}; set ${setting} to 1024 or above`,
  EADDRNOTAVAIL: (host) => `${host} is no address of this machine; set SERVER_HOST to one, or to 0.0.0.0`,
  ENOTFOUND: (host) => `${host} is no host that is known here; set SERVER_HOST to an address of this machine`,
};

function reason(error: unknown, host: string, port: number, setting: string): string {
  const { code = '', message } = error as NodeJS.ErrnoException;
  return REASONS[code]?.(host, port, setting) ?? `cannot listen on port ${port} of ${host}: ${message}`;
}

function localHost({ address, port }: AddressInfo): string {
  if (address === '0.0.0.0') return `127.0.0.1:${port}`;
  if (address === '::') return `[::1]:${port}`;
  return `${isIPv6(address) ? `[${address}]` : address}:${port}`;
}
