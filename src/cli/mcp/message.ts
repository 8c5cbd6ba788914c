/** A message of JSON-RPC, as far as somebody who passes it on looks into it. */
export interface Message {
  readonly id?: string | number;
  readonly method?: string;
  readonly params?: {
    readonly name?: unknown;
    readonly uri?: unknown;
    readonly taskId?: unknown;
    readonly requestId?: unknown;
    readonly _meta?: Readonly<Record<string, unknown>>;
  };
  readonly result?: { readonly protocolVersion?: unknown };
  readonly error?: { readonly code?: unknown; readonly message?: unknown; readonly data?: unknown };
}

const VERSION = 'io.modelcontextprotocol/protocolVersion';
/** Which parameter each method shows in a header. */
const NAMED_BY: Readonly<Record<string, 'name' | 'uri' | 'taskId'>> = {
  'tools/call': 'name',
  'prompts/get': 'name',
  'resources/read': 'uri',
  'tasks/get': 'taskId',
  'tasks/update': 'taskId',
  'tasks/cancel': 'taskId',
};

/** The message in a text; null for what is none. */
export function messageIn(text: string): Message | null {
  return messageOf(parsed(text));
}

/**
 * The messages in a line: one, or those of a batch, which clients of 2025-03 may send. What is no message is null, and so
 * is what a batch with nothing in it has.
 * @returns null for what is no JSON
 */
export function messagesIn(line: string): readonly (Message | null)[] | null {
  const value = parsed(line);
  if (value === undefined) return null;
  const all: readonly unknown[] = Array.isArray(value) && value.length > 0 ? value : [value];
  return all.map(messageOf);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function messageOf(value: unknown): Message | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : null;
}

/**
 * The headers that go with a message over HTTP. Since 2026-07-28 they repeat what is in the body; before it they name
 * the version only.
 * @param negotiated what an older client and the service agreed on; null before they have
 */
export function headersOf(message: Message, negotiated: string | null): Readonly<Record<string, string>> {
  const accept = { Accept: 'application/json, text/event-stream' };
  const version = message.params?._meta?.[VERSION];
  if (typeof version !== 'string' || message.method === undefined)
    return { ...accept, ...(negotiated !== null && { 'MCP-Protocol-Version': negotiated }) };
  const name = nameIn(message);
  return {
    ...accept,
    'MCP-Protocol-Version': inHeader(version),
    'Mcp-Method': inHeader(message.method),
    ...(name !== null && { 'Mcp-Name': inHeader(name) }),
  };
}

/** An error in answer to a message. */
export function errorTo({ id }: Message, code: number, message: string, data?: unknown): object {
  const error = { code, message, ...(data !== undefined && { data }) };
  return { jsonrpc: '2.0', id: id ?? null, error };
}

function nameIn({ method = '', params }: Message): string | null {
  const field = NAMED_BY[method];
  const value = field === undefined ? undefined : params?.[field];
  return typeof value === 'string' ? value : null;
}

/** Text that no header can hold is sent in base64. */
function inHeader(text: string): string {
  const isPlain = /^[\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?$/.test(text) && !text.startsWith('=?base64?');
  return isPlain ? text : `=?base64?${Buffer.from(text).toString('base64')}?=`;
}
