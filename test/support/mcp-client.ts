/** A revision of the protocol: the one without sessions, or any before it. */
export type Era = 'modern' | 'legacy';

/** What JSON-RPC answers. */
export interface McpAnswer<Result = ToolResult> {
  readonly status: number;
  readonly headers: Headers;
  readonly body: {
    readonly id?: unknown;
    readonly result?: Result;
    readonly error?: { readonly code: number; readonly message: string; readonly data?: { code?: string } };
  };
}

/** What a tool answers. */
export interface ToolResult {
  readonly content: readonly { readonly type: string; readonly text?: string; readonly uri?: string }[];
  readonly structuredContent?: Readonly<Record<string, unknown>>;
  readonly isError?: boolean;
  readonly _meta?: Readonly<Record<string, unknown>>;
}

/** How a tool tells its model what went wrong. */
export interface ToolError {
  readonly code: string;
  readonly message: string;
  readonly details: unknown;
  readonly next: string;
}

interface McpRequest {
  readonly headers?: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal;
  /** Whether the client says that it follows tasks. */
  readonly followsTasks?: boolean;
}

const VERSION = '2026-07-28';
const TASKS = 'io.modelcontextprotocol/tasks';
const PREFIX = 'io.modelcontextprotocol';

/** Speaks MCP over HTTP, message by message. */
export class McpClient {
  private lastId = 0;

  /** @param key of the caller; null for none */
  constructor(
    private readonly baseUrl: string,
    private readonly key: string | null,
    private readonly era: Era = 'modern',
  ) {}

  /** Sends a request, and reads its answer whole. */
  async send<Result = ToolResult>(
    method: string,
    params: Readonly<Record<string, unknown>> = {},
    { headers = {}, signal, followsTasks = false }: McpRequest = {},
  ): Promise<McpAnswer<Result>> {
    this.lastId += 1;
    const isModern = this.era === 'modern';
    const told = isModern ? { ...params, _meta: envelope(followsTasks) } : params;
    const response = await fetch(`${this.baseUrl}/mcp`, {
      method: 'POST',
      headers: {
        Accept: 'application/json, text/event-stream',
        'Content-Type': 'application/json',
        ...(this.key !== null && { Authorization: `Bearer ${this.key}` }),
        ...(isModern && modernHeaders(method, params)),
        ...headers,
      },
      body: JSON.stringify({ jsonrpc: '2.0', id: this.lastId, method, params: told }),
      ...(signal !== undefined && { signal }),
    });
    const body = bodyIn(await response.text()) as McpAnswer<Result>['body'];
    return { status: response.status, headers: response.headers, body };
  }

  /** Calls a tool. @throws when the protocol itself refuses it */
  async call(name: string, given: object = {}, request: McpRequest = {}): Promise<ToolResult> {
    const { body } = await this.send('tools/call', { name, arguments: given }, request);
    if (body.result === undefined) throw new Error(`${name}: ${JSON.stringify(body.error)}`);
    return body.result;
  }

  /** Calls a tool that must work, and gives what it answers. */
  async ask<Value = Record<string, unknown>>(
    name: string,
    given: object = {},
    request: McpRequest = {},
  ): Promise<Value> {
    const { isError, structuredContent, content } = await this.call(name, given, request);
    if (isError === true || structuredContent === undefined) throw new Error(`${name}: ${content[0]?.text}`);
    return structuredContent as Value;
  }

  /** Calls a tool that must refuse, and gives what it says about that. */
  async refusal(name: string, given: object = {}, request: McpRequest = {}): Promise<ToolError> {
    const { isError, content } = await this.call(name, given, request);
    if (isError !== true) throw new Error(`${name} did it: ${content[0]?.text}`);
    return JSON.parse(content[0]?.text ?? '') as ToolError;
  }
}

function envelope(followsTasks: boolean): object {
  return {
    [`${PREFIX}/protocolVersion`]: VERSION,
    [`${PREFIX}/clientCapabilities`]: followsTasks ? { extensions: { [TASKS]: {} } } : {},
    [`${PREFIX}/clientInfo`]: { name: 'test', version: '1' },
  };
}

function modernHeaders(
  method: string,
  { name, uri, taskId }: Readonly<Record<string, unknown>>,
): Record<string, string> {
  const named = [name, uri, taskId].find((value) => typeof value === 'string');
  return {
    'MCP-Protocol-Version': VERSION,
    'Mcp-Method': method,
    ...(named !== undefined && { 'Mcp-Name': named }),
  };
}

/** The last message of an answer, be it JSON or a stream of events. */
function bodyIn(text: string): unknown {
  const events = text.split('\n').filter((line) => line.startsWith('data: '));
  const json = events.at(-1)?.slice('data: '.length) ?? text;
  return json === '' ? {} : (JSON.parse(json) as unknown);
}
