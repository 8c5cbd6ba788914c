import { AsyncLocalStorage } from 'node:async_hooks';
import { Inject, Injectable, Logger, type OnModuleDestroy } from '@nestjs/common';
import type { NodeMcpRequestHandler } from '@modelcontextprotocol/node';
import type { McpHttpHandler } from '@modelcontextprotocol/server';
import type { Request, Response } from 'express';
import { HTTP_SETTINGS, type HttpSettings } from '../../http/service-core';
import { exchangeOf } from '../../http/shared/exchange/exchange';
import { ToolErrors } from '../failures/tool-errors';
import { McpServers } from './mcp-servers';
import { loadSdk } from './sdk';
import { Surfaces } from './surfaces';

/** What answers requests, once there was one. */
interface Serving {
  readonly handler: McpHttpHandler;
  readonly toNode: NodeMcpRequestHandler;
}

/** Streamable HTTP, for the clients of 2026-07-28 and for those before them. Keeps nothing between two requests. */
@Injectable()
export class McpEndpoint implements OnModuleDestroy {
  private readonly logger = new Logger('mcp');
  /** The request that is served: the SDK makes the server of each within its own. */
  private readonly served = new AsyncLocalStorage<Request>();
  private serving: Serving | null = null;

  constructor(
    private readonly surfaces: Surfaces,
    private readonly errors: ToolErrors,
    @Inject(HTTP_SETTINGS) private readonly settings: HttpSettings,
  ) {}

  /** Answers a request that was let in. @param body as it was parsed; undefined when there was none */
  async serve(request: Request, response: Response, body: unknown): Promise<void> {
    response.setHeader('Cache-Control', 'no-store');
    response.setHeader('X-Accel-Buffering', 'no');
    const { toNode } = (this.serving ??= this.open());
    try {
      await this.served.run(request, () => toNode(request, response, body));
    } catch (error) {
      // Answered already, that it took too long, or nobody is there any more.
      if (!exchangeOf(request).aborted) throw error;
    }
  }

  async onModuleDestroy(): Promise<void> {
    await this.serving?.handler.close();
  }

  private open(): Serving {
    const { surfaces, errors, settings } = this;
    const sdk = loadSdk();
    const servers = new McpServers(sdk, surfaces, errors, settings);
    const onerror = (error: Error): void => this.logger.debug({ event: 'mcp_error', error: error.name });
    const handler = sdk.createMcpHandler((context) => servers.serve(this.request(), context), {
      onerror,
      maxRequestBodySize: settings.maxBodyBytes,
    });
    return { handler, toNode: sdk.toNodeHandler(handler, { onerror }) };
  }

  private request(): Request {
    const request = this.served.getStore();
    if (request === undefined) throw new Error('the request did not come through the endpoint');
    return request;
  }
}
