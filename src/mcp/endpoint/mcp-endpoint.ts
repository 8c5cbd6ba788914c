import { AsyncLocalStorage } from 'node:async_hooks';
import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import { createMcpHandler, type McpHttpHandler } from '@modelcontextprotocol/server';
import { toNodeHandler, type NodeMcpRequestHandler } from '@modelcontextprotocol/node';
import type { Request, Response } from 'express';
import { HTTP_SETTINGS, type HttpSettings } from '../../http/service-core';
import { exchangeOf } from '../../http/shared/exchange/exchange';
import { McpServers } from './mcp-servers';

/** Streamable HTTP, for the clients of 2026-07-28 and for those before them. Keeps nothing between two requests. */
@Injectable()
export class McpEndpoint implements OnModuleDestroy {
  private readonly logger = new Logger('mcp');
  /** The request that is served: the SDK makes the server of each within its own. */
  private readonly served = new AsyncLocalStorage<Request>();
  private readonly handler: McpHttpHandler;
  private readonly toNode: NodeMcpRequestHandler;

  constructor(
    private readonly servers: McpServers,
    @Inject(HTTP_SETTINGS) settings: HttpSettings,
  ) {
    const onerror = (error: Error): void => this.logger.debug({ event: 'mcp_error', error: error.name });
    this.handler = createMcpHandler((context) => this.servers.serve(this.request(), context), {
      onerror,
      maxSubscriptions: settings.maxEventStreams,
      maxRequestBodySize: settings.maxBodyBytes,
    });
    this.toNode = toNodeHandler(this.handler, { onerror });
  }

  /** Answers a request that was let in. @param body as it was parsed; undefined when there was none */
  async serve(request: Request, response: Response, body: unknown): Promise<void> {
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('X-Accel-Buffering', 'no');
    try {
      await this.served.run(request, () => this.toNode(request, response, body));
    } catch (error) {
      // Answered already, that it took too long, or nobody is there any more.
      if (!exchangeOf(request).aborted) throw error;
    }
  }

  async onModuleDestroy(): Promise<void> {
    await this.handler.close();
  }

  private request(): Request {
    const request = this.served.getStore();
    if (request === undefined) throw new Error('the request did not come through the endpoint');
    return request;
  }
}
