import type {
  ClientCapabilities,
  McpRequestContext,
  ServerCapabilities,
  ServerContext,
} from '@modelcontextprotocol/server';
import type { Request } from 'express';
import type { HttpSettings } from '../../http/service-core';
import { ProtocolErrors } from '../failures/protocol-errors';
import type { ToolErrors } from '../failures/tool-errors';
import { TASKS_EXTENSION } from '../handles/task-handle';
import { Asked } from '../tool/asked';
import { INSTRUCTIONS } from './instructions';
import type { Message, RawServer } from './surface';
import type { Sdk } from './sdk';
import type { Surfaces } from './surfaces';

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
export class McpServers {
  private readonly errors: ProtocolErrors;
  /** What every request about a followed task has. */
  private readonly handleParams;

  constructor(
    private readonly sdk: Sdk,
    private readonly surfaces: Surfaces,
    errors: ToolErrors,
    private readonly settings: Pick<HttpSettings, 'version'>,
  ) {
    this.errors = new ProtocolErrors(sdk, errors);
    this.handleParams = sdk.z.looseObject({ taskId: sdk.z.string().max(200) });
  }

  /** @param request of the caller, already let in */
  serve(request: Request, { era }: McpRequestContext): RawServer {
    const { version } = this.settings;
    const { server } = new this.sdk.McpServer(
      { name: 'task-orchestrator', title: 'Task orchestrator', version },
      { instructions: INSTRUCTIONS, cacheHints: CACHE_HINTS },
    );
    server.registerCapabilities(this.capabilities);
    this.offerTools(server, request);
    this.offerResources(server, request);
    this.offerPrompts(server, request);
    if (era === 'modern') this.offerHandles(server, request);
    this.surfaces.each((surface) => surface.install?.(server));
    return server;
  }

  private get capabilities(): ServerCapabilities {
    return this.surfaces.capabilities.reduce(this.sdk.mergeCapabilities, {});
  }

  private offerTools(server: RawServer, request: Request): void {
    const { surfaces } = this;
    server.setRequestHandler('tools/list', (_asked, sdk) => {
      const { caller } = this.messageOf(request, sdk).asked;
      return { tools: surfaces.all((surface) => surface.listTools(caller)) };
    });
    server.setRequestHandler('tools/call', async ({ params }, sdk) => {
      const message = this.messageOf(request, sdk);
      const { name } = params;
      const result = await surfaces.first((surface) => surface.callTool(name, params.arguments, message));
      if (result === null) throw this.errors.wrongParams(`Unknown tool: ${name}`);
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
      const message = this.messageOf(request, sdk);
      const found = await this.told(message, () =>
        surfaces.first((surface) => surface.readResource(uri, message)),
      );
      if (found === null) throw new this.sdk.ResourceNotFoundError(uri);
      return found;
    });
  }

  private offerPrompts(server: RawServer, request: Request): void {
    const { surfaces } = this;
    server.setRequestHandler('prompts/list', () => ({
      prompts: surfaces.all((surface) => surface.listPrompts()),
    }));
    server.setRequestHandler('prompts/get', async ({ params }, sdk) => {
      const message = this.messageOf(request, sdk);
      const { name, arguments: given = {} } = params;
      const prompt = await this.told(message, () =>
        surfaces.first((surface) => surface.getPrompt(name, given, message)),
      );
      if (prompt === null) throw this.errors.wrongParams(`Unknown prompt: ${name}`);
      return prompt as never;
    });
    server.setRequestHandler('completion/complete', async ({ params }, sdk) => {
      const values =
        (await this.told(this.messageOf(request, sdk), () =>
          surfaces.first((surface) => surface.complete(params)),
        )) ?? [];
      return { completion: { values: [...values], total: values.length, hasMore: false } };
    });
  }

  private offerHandles(server: RawServer, request: Request): void {
    const { surfaces } = this;
    server.setRequestHandler('tasks/get', { params: this.handleParams }, async ({ taskId }, sdk) => {
      const message = this.followed(request, sdk);
      const found = await this.told(message, () =>
        surfaces.first((surface) => surface.getHandle(taskId, message)),
      );
      if (found === null) throw this.errors.wrongParams(`Unknown task: ${taskId}`);
      return { ...NOTHING, ...found };
    });
    server.setRequestHandler('tasks/update', { params: this.handleParams }, async ({ taskId }, sdk) => {
      const message = this.followed(request, sdk);
      const isKnown = await this.told(message, () =>
        surfaces.first(async (surface) => (await surface.updateHandle(taskId, message)) || null),
      );
      if (isKnown === null) throw this.errors.wrongParams(`Unknown task: ${taskId}`);
      return NOTHING;
    });
    server.setRequestHandler('tasks/cancel', { params: this.handleParams }, async ({ taskId }, sdk) => {
      const message = this.followed(request, sdk);
      const isKnown = await this.told(message, () =>
        surfaces.first(async (surface) => (await surface.cancelHandle(taskId, message)) || null),
      );
      if (isKnown === null) throw this.errors.wrongParams(`Unknown task: ${taskId}`);
      return NOTHING;
    });
  }

  /** What a tool tells its model, everything else tells the client: as an error of the protocol. */
  private async told<T>({ asked }: Message, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw this.errors.of(asked, error);
    }
  }

  private messageOf(request: Request, sdk: ServerContext): Message {
    return { asked: new Asked(request, sdk.mcpReq.signal, this.followsTasks(sdk)), sdk };
  }

  /** @throws MissingRequiredClientCapabilityError for a client that does not follow tasks */
  private followed(request: Request, sdk: ServerContext): Message {
    if (this.followsTasks(sdk)) return this.messageOf(request, sdk);
    const requiredCapabilities = { extensions: { [TASKS_EXTENSION]: {} } };
    throw new this.sdk.MissingRequiredClientCapabilityError({ requiredCapabilities });
  }

  /** Clients say so with each request, since there is nothing else that could have kept it. */
  private followsTasks({ mcpReq: { envelope } }: ServerContext): boolean {
    const said = (envelope ?? {}) as Readonly<Record<string, ClientCapabilities | undefined>>;
    const { extensions = {} } = said[this.sdk.CLIENT_CAPABILITIES_META_KEY] ?? {};
    return Object.hasOwn(extensions, TASKS_EXTENSION);
  }
}
