import { join, resolve } from 'node:path';
import {
  Client as ClientOf2026,
  StreamableHTTPClientTransport as HttpOf2026,
} from '@modelcontextprotocol/client';
import { StdioClientTransport as StdioOf2026 } from '@modelcontextprotocol/client/stdio';
import { Client as ClientOf2025 } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport as StdioOf2025 } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport as HttpOf2025 } from '@modelcontextprotocol/sdk/client/streamableHttp.js';

const LAUNCHER = join(resolve(__dirname, '../..'), 'bin/task-orchestrator.js');
const SELF = { name: 'agent', version: '1.0.0' };

/** The official clients: the one of today in both of its ways to begin, and the one before it. */
export const AGENT_KINDS = ['client 2.4, modern', 'client 2.4, legacy', 'sdk 1.32'] as const;
export type AgentKind = (typeof AGENT_KINDS)[number];

/** Where an agent finds the service. */
export type Reach =
  | { readonly url: string; readonly key: string }
  | { readonly folder: string; readonly env?: Readonly<Record<string, string>> };

/** An official client that is connected. */
export interface Agent {
  /** Of the protocol, as it was agreed on. */
  readonly version: string | undefined;
  /** The process behind standard input and output; null over HTTP. */
  readonly pid: number | null;
  tools(): Promise<string[]>;
  /** Calls a tool that must work, and gives what it answers. */
  ask<Value = Record<string, unknown>>(name: string, given?: Record<string, unknown>): Promise<Value>;
  close(): Promise<void>;
}

interface Result {
  readonly isError?: boolean | undefined;
  readonly structuredContent?: unknown;
  readonly content?: unknown;
}

/** Connects an official client. */
export function connectAgent(kind: AgentKind, reach: Reach): Promise<Agent> {
  return kind === 'sdk 1.32' ? connectOf2025(reach) : connectOf2026(kind, reach);
}

async function connectOf2026(kind: AgentKind, reach: Reach): Promise<Agent> {
  const mode = kind === 'client 2.4, modern' ? 'auto' : 'legacy';
  const client = new ClientOf2026(SELF, { versionNegotiation: { mode } });
  const stdio = 'url' in reach ? null : new StdioOf2026(launched(reach));
  await client.connect(stdio ?? new HttpOf2026(endpointOf(reach), { requestInit: headersOf(reach) }));
  return {
    version: client.getNegotiatedProtocolVersion(),
    pid: stdio?.pid ?? null,
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    ask: async (name, given = {}) => valueIn(name, await client.callTool({ name, arguments: given })),
    close: () => client.close(),
  };
}

async function connectOf2025(reach: Reach): Promise<Agent> {
  const client = new ClientOf2025(SELF);
  const stdio = 'url' in reach ? null : new StdioOf2025(launched(reach));
  const http = 'url' in reach ? new HttpOf2025(endpointOf(reach), { requestInit: headersOf(reach) }) : null;
  await client.connect((stdio ?? http) as StdioOf2025);
  return {
    version: http?.protocolVersion,
    pid: stdio?.pid ?? null,
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    ask: async (name, given = {}) => valueIn(name, await client.callTool({ name, arguments: given })),
    close: () => client.close(),
  };
}

function valueIn<Value>(name: string, result: object): Value {
  const { isError, structuredContent, content } = result as Result;
  if (isError === true || structuredContent === undefined) {
    throw new Error(`${name}: ${JSON.stringify(content)}`);
  }
  return structuredContent as Value;
}

function launched(reach: Reach): {
  command: string;
  args: string[];
  cwd: string;
  env: Record<string, string>;
  stderr: 'ignore';
} {
  if ('url' in reach) throw new Error('over HTTP nothing is launched');
  const { PATH = '', HOME = '' } = process.env;
  const env = { PATH, HOME, ...reach.env };
  return { command: process.execPath, args: [LAUNCHER, 'mcp'], cwd: reach.folder, env, stderr: 'ignore' };
}

function endpointOf(reach: Reach): URL {
  if (!('url' in reach)) throw new Error('without an address there is no endpoint');
  return new URL('/mcp', reach.url);
}

function headersOf(reach: Reach): { headers: Record<string, string> } {
  return { headers: 'key' in reach ? { Authorization: `Bearer ${reach.key}` } : {} };
}
