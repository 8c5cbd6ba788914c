import { Inject, Injectable } from '@nestjs/common';
import {
  CLIENT_CAPABILITIES_META_KEY,
  MissingRequiredClientCapabilityError,
  ProtocolError,
  ProtocolErrorCode,
  ResourceNotFoundError,
  McpServer,
  type ClientCapabilities,
  type McpRequestContext,
  type ServerContext,
} from '@modelcontextprotocol/server';
import type { Request } from 'express';
import { HTTP_SETTINGS, type HttpSettings } from '../../http/service-core';
import { ToolErrors } from '../failures/tool-errors';
import { TASKS_EXTENSION } from '../handles/task-handle';
import { Asked } from '../tool/asked';
import { INSTRUCTIONS } from './instructions';
import { HANDLE_PARAMS } from './handle-params';
import type { Message, RawServer } from './surface';
import { Surfaces } from './surfaces';

const NOTHING = { resultType: 'complete' } as const;
/** Lists change with the service's version only. */
const LIST_HINT = { ttlMs: 300_000, cacheScope: 'private' } as const;
const CACHE_HINTS = {
  'server/discover': LIST_HINT,
  'tools/list': LIST_HINT,
  'prompts/list': LIST_HINT,
  'resources/list': LIST_HINT,
  'resources/templates/list': LIST_HINT,
  'resources/read': { ttlMs: 0, cacheScope: 'private' },
} as const;

/** Makes the server of one request: one that is shared would keep what it was asked. */
@Injectable()
export class McpServers {
  constructor(
    private readonly surfaces: Surfaces,
    private readonly errors: ToolErrors,
    @Inject(HTTP_SETTINGS) private readonly settings: HttpSettings,
  ) {}

  /** @param request of the caller, already let in */
  serve(request: Request, { era }: McpRequestContext): RawServer {
    const { version } = this.settings;
    const { server } = new McpServer(
      { name: 'task-orchestrator', title: 'Task orchestrator', version },
      { instructions: INSTRUCTIONS, cacheHints: CACHE_HINTS },
    );
    server.registerCapabilities(this.surfaces.capabilities);
    this.offerTools(server, request);
    this.offerResources(server, request);
    this.offerPrompts(server, request);
    if (era === 'modern') this.offerHandles(server, request);
    this.surfaces.each((surface) => surface.install?.(server));
    return server;
  }

  private offerTools(server: RawServer, request: Request): void {
    const { surfaces } = this;
    server.setRequestHandler('tools/list', (_asked, sdk) => {
      const { caller } = messageOf(request, sdk).asked;
      return { tools: surfaces.all((surface) => surface.listTools(caller)) };
    });
    server.setRequestHandler('tools/call', async ({ params }, sdk) => {
      const message = messageOf(request, sdk);
      const { name } = params;
      const result = await surfaces.first((surface) => surface.callTool(name, params.arguments, message));
      if (result === null) throw unknown(`Unknown tool: ${name}`);
      return result as never;
    });
  }

  private offerResources(server: RawServer, request: Request): void {
    const { surfaces } = this;
    server.setRequestHandler('resources/list', () => ({
      resources: surfaces.all((surface) => surface.listResources()),
    }));
    server.setRequestHandler('resources/templates/list', () => ({
      resourceTemplates: surfaces.all((surface) => surface.listTemplates()),
    }));
    server.setRequestHandler('resources/read', async ({ params: { uri } }, sdk) => {
      const message = messageOf(request, sdk);
      const found = await this.told(message, () =>
        surfaces.first((surface) => surface.readResource(uri, message)),
      );
      if (found === null) throw new ResourceNotFoundError(uri);
      return found;
    });
  }

  private offerPrompts(server: RawServer, request: Request): void {
    const { surfaces } = this;
    server.setRequestHandler('prompts/list', () => ({
      prompts: surfaces.all((surface) => surface.listPrompts()),
    }));
    server.setRequestHandler('prompts/get', async ({ params }, sdk) => {
      const message = messageOf(request, sdk);
      const { name, arguments: given = {} } = params;
      const prompt = await this.told(message, () =>
        surfaces.first((surface) => surface.getPrompt(name, given, message)),
      );
      if (prompt === null) throw unknown(`Unknown prompt: ${name}`);
      return prompt as never;
    });
    server.setRequestHandler('completion/complete', async ({ params }, sdk) => {
      const values =
        (await this.told(messageOf(request, sdk), () =>
          surfaces.first((surface) => surface.complete(params)),
        )) ?? [];
      return { completion: { values: [...values], total: values.length, hasMore: false } };
    });
  }

  private offerHandles(server: RawServer, request: Request): void {
    const { surfaces } = this;
    server.setRequestHandler('tasks/get', { params: HANDLE_PARAMS }, async ({ taskId }, sdk) => {
      const message = followed(request, sdk);
      const found = await this.told(message, () =>
        surfaces.first((surface) => surface.getHandle(taskId, message)),
      );
      if (found === null) throw unknown(`Unknown task: ${taskId}`);
      return { ...NOTHING, ...found };
    });
    server.setRequestHandler('tasks/update', { params: HANDLE_PARAMS }, async ({ taskId }, sdk) => {
      const message = followed(request, sdk);
      const isKnown = await this.told(message, () =>
        surfaces.first(async (surface) => (await surface.updateHandle(taskId, message)) || null),
      );
      if (isKnown === null) throw unknown(`Unknown task: ${taskId}`);
      return NOTHING;
    });
    server.setRequestHandler('tasks/cancel', { params: HANDLE_PARAMS }, async ({ taskId }, sdk) => {
      const message = followed(request, sdk);
      const isKnown = await this.told(message, () =>
        surfaces.first(async (surface) => (await surface.cancelHandle(taskId, message)) || null),
      );
      if (isKnown === null) throw unknown(`Unknown task: ${taskId}`);
      return NOTHING;
    });
  }

  /** What a tool tells its model, everything else tells the client: as an error of the protocol. */
  private async told<T>({ asked }: Message, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.errors.ofProtocol(asked, error);
    }
  }
}

function messageOf(request: Request, sdk: ServerContext): Message {
  return { asked: new Asked(request, sdk.mcpReq.signal, followsTasks(sdk)), sdk };
}

/** @throws MissingRequiredClientCapabilityError for a client that does not follow tasks */
function followed(request: Request, sdk: ServerContext): Message {
  if (!followsTasks(sdk)) {
    const requiredCapabilities = { extensions: { [TASKS_EXTENSION]: {} } };
    throw new MissingRequiredClientCapabilityError({ requiredCapabilities });
  }
  return messageOf(request, sdk);
}

/** Clients say so with each request, since there is nothing else that could have kept it. */
function followsTasks({ mcpReq: { envelope } }: ServerContext): boolean {
  const said = (envelope ?? {}) as Readonly<Record<string, ClientCapabilities | undefined>>;
  return Object.hasOwn(said[CLIENT_CAPABILITIES_META_KEY]?.extensions ?? {}, TASKS_EXTENSION);
}

function unknown(message: string): ProtocolError {
  return new ProtocolError(ProtocolErrorCode.InvalidParams, message);
}
