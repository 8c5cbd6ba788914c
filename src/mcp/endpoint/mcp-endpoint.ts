import { AsyncLocalStorage } from 'node:async_hooks';
import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { createMcpHandler, type McpHttpHandler } from '@modelcontextprotocol/server';
import { toNodeHandler, type NodeMcpRequestHandler } from '@modelcontextprotocol/node';
import type { Request, Response } from 'express';
import { HTTP_SETTINGS, Lifecycle, type HttpSettings } from '../../http/service-core';
import { exchangeOf } from '../../http/shared/exchange/exchange';
import { McpServers } from './mcp-servers';

/** Streamable HTTP, for the clients of 2026-07-28 and for those before them. Keeps nothing between two requests. */
@Injectable()
export class McpEndpoint implements OnModuleDestroy {
  private readonly logger = new Logger('mcp');
  /** The request that is served: the SDK makes the server of each within its own. */
  private readonly served = new AsyncLocalStorage<Request>();
  private readonly listening = new Set<Response>();
  private readonly handler: McpHttpHandler;
  private readonly toNode: NodeMcpRequestHandler;

  constructor(
    private readonly servers: McpServers,
    lifecycle: Lifecycle,
    @Inject(HTTP_SETTINGS) settings: HttpSettings,
  ) {
    const onerror = (error: Error): void => this.logger.debug({ event: 'mcp_error', error: error.name });
    this.handler = createMcpHandler((context) => this.servers.serve(this.request(), context), {
      onerror,
      maxSubscriptions: settings.maxEventStreams,
      maxRequestBodySize: settings.maxBodyBytes,
    });
    this.toNode = toNodeHandler(this.handler, { onerror });
    lifecycle.draining.addEventListener('abort', () => {
      for (const response of this.listening) response.end();
    });
  }

  /** Answers a request that was let in. @param body as it was parsed; undefined when there was none */
  async serve(request: Request, response: Response, body: unknown): Promise<void> {
    if (isSubscription(body)) this.keepOpen(request, response);
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('X-Accel-Buffering', 'no');
    await this.served.run(request, () => this.toNode(request, response, body));
  }

  async onModuleDestroy(): Promise<void> {
    await this.handler.close();
  }

  private request(): Request {
    const request = this.served.getStore();
    if (request === undefined) throw new Error('the request did not come through the endpoint');
    return request;
  }

  /** Ended by its client, or when the service stops. */
  private keepOpen(request: Request, response: Response): void {
    exchangeOf(request).liftDeadline();
    this.listening.add(response);
    response.once('close', () => this.listening.delete(response));
  }
}

function isSubscription(body: unknown): boolean {
  return (
    typeof body === 'object' && body !== null && 'method' in body && body.method === 'subscriptions/listen'
  );
}
