import type { Server } from 'node:http';
import type { Server as TlsServer } from 'node:https';

/** A server of the API, with TLS or without. */
export type ApiServer = Server | TlsServer;
