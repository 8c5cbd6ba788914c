import { Inject, Injectable } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { HTTP_SETTINGS, type HttpSettings } from '../../service-core';
import { RouteTable } from '../failures/route-table';
import { Refusal } from '../failures/refusal';

const ANY = '*';
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'];
/** What a page may send. Authorization is never meant by a wildcard. */
const REQUEST_HEADERS =
  'Authorization, Content-Type, Accept-Language, Idempotency-Key, Last-Event-ID, X-Request-ID, ' +
  'Mcp-Session-Id, Mcp-Protocol-Version, Mcp-Method, Mcp-Name';
/** What a page may read beside the few that it always may. */
const ANSWER_HEADERS =
  'X-Request-ID, X-RateLimit-Limit, X-RateLimit-Remaining, X-RateLimit-Reset, Retry-After, ' +
  'Idempotency-Replayed, WWW-Authenticate, Allow, Mcp-Session-Id';
/** How long a browser may keep the answer to its question. */
const MAX_AGE_SECONDS = '600';

/** Lets pages of other origins use the API, where the operator has named them. No cookie is ever asked for. */
@Injectable()
export class CrossOrigin {
  constructor(
    @Inject(HTTP_SETTINGS) private readonly settings: Pick<HttpSettings, 'network'>,
    private readonly routes: RouteTable,
  ) {}

  /** Whether pages of the request's origin may use the API. */
  allows({ headers: { origin } }: IncomingMessage): boolean {
    const { corsOrigins } = this.settings.network;
    if (origin === undefined || corsOrigins === null) return false;
    return corsOrigins.some((allowed) => allowed === ANY || allowed.toLowerCase() === origin.toLowerCase());
  }

  /** Lets the page read the answer, a refusal too. */
  open(request: IncomingMessage, response: ServerResponse): void {
    const { corsOrigins } = this.settings.network;
    if (corsOrigins === null) return;
    const isForAll = corsOrigins.includes(ANY);
    // Or a cache gives one page the answer to another.
    if (!isForAll) response.setHeader('Vary', 'Origin');
    if (!this.allows(request)) return;
    response.setHeader('Access-Control-Allow-Origin', isForAll ? ANY : (request.headers.origin ?? ''));
    response.setHeader('Access-Control-Expose-Headers', ANSWER_HEADERS);
  }

  /** Whether a browser asks what a page may do. With CORS switched off it is a request like any other. */
  isPreflight({ method, headers }: IncomingMessage): boolean {
    if (method !== 'OPTIONS' || this.settings.network.corsOrigins === null) return false;
    return headers.origin !== undefined && headers['access-control-request-method'] !== undefined;
  }

  /** Answers that. @throws Refusal for a page of an origin that was not named */
  answerPreflight(request: IncomingMessage, path: string, response: ServerResponse): void {
    if (!this.allows(request)) throw new Refusal('cross_site', { reason: 'origin_not_allowed' });
    const methods = this.routes.methodsOf(path);
    response.setHeader('Access-Control-Allow-Methods', (methods.length > 0 ? methods : METHODS).join(', '));
    response.setHeader('Access-Control-Allow-Headers', REQUEST_HEADERS);
    response.setHeader('Access-Control-Max-Age', MAX_AGE_SECONDS);
    response.writeHead(204).end();
  }
}
