import type {
  Prompt,
  ReadResourceResult,
  Resource,
  ResourceTemplateType,
  McpServer,
  ServerCapabilities,
  ServerContext,
  Tool,
} from '@modelcontextprotocol/server';
import type { Principal } from '@task/domain';
import type { Asked } from '../tool/asked';

/**
 * The server of one request, in the form that takes results as they are. The SDK's form for most uses checks them
 * against its own idea of tools, and cannot answer with a handle.
 */
export type RawServer = McpServer['server'];

/** A message of MCP: who sends it, and what the protocol says about it. */
export interface Message {
  readonly asked: Asked;
  readonly sdk: ServerContext;
}

/** What a completion is asked about. */
export interface CompletionAsked {
  readonly ref: { readonly type: string; readonly name?: string; readonly uri?: string };
  readonly argument: { readonly name: string; readonly value: string };
}

/**
 * Something that is offered over MCP. What it does not know it answers with null, and the next surface is asked.
 * Results are those of the protocol.
 */
export interface Surface {
  readonly capabilities: ServerCapabilities;
  listTools(caller: Principal): readonly Tool[];
  callTool(name: string, given: unknown, message: Message): Promise<object | null>;
  listResources(): readonly Resource[];
  listTemplates(): readonly ResourceTemplateType[];
  readResource(uri: string, message: Message): Promise<ReadResourceResult | null>;
  listPrompts(): readonly Prompt[];
  getPrompt(name: string, given: Readonly<Record<string, string>>, message: Message): Promise<object | null>;
  complete(asked: CompletionAsked): Promise<readonly string[] | null>;
  /** The task that a client follows, or null. */
  getHandle(taskId: string, message: Message): Promise<object | null>;
  /** Takes what a client was asked for. @returns whether there is such a task */
  updateHandle(taskId: string, message: Message): Promise<boolean>;
  /** @returns whether there is such a task */
  cancelHandle(taskId: string, message: Message): Promise<boolean>;
  /** Adds what no other part of a surface has. */
  install?(server: RawServer): void;
}
