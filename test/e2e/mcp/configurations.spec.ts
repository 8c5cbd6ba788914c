import { readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { BuiltServer, scratchFolder } from '../../support/built-server';
import { codeBlocksIn } from '../seeds/code-blocks';

interface Local {
  readonly command: string | readonly [string, ...string[]];
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  readonly environment?: Readonly<Record<string, string>>;
}
interface Remote {
  readonly url?: string;
  readonly httpUrl?: string;
  readonly headers: { readonly Authorization: string };
}
interface Servers {
  readonly tasks: Remote;
  readonly 'tasks-local': Local;
}

const PROJECT = resolve(__dirname, '../../..');
const DOCUMENTED = '/home/user/task-orchestrator';
/** How each client writes a key that stands somewhere else. */
const KEY = /\$\{input:tasks-key\}|\$\{env:TASKS_KEY\}|\{env:TASKS_KEY\}|\$TASKS_KEY/;

const configurations = codeBlocksIn(readFileSync(join(PROJECT, 'README.md'), 'utf8'))
  .filter(({ language, code }) => language === 'json' && code.includes('tasks-local'))
  .map(({ code }): [string, Servers] => {
    const { servers, mcpServers, mcp } = JSON.parse(code) as Record<string, Servers | undefined>;
    const found = servers ?? mcpServers ?? mcp;
    if (found === undefined) throw new Error('no servers in it');
    return [Object.keys(JSON.parse(code) as object).join(' '), found];
  });

describe('the configurations of clients in README.md', () => {
  let server: BuiltServer;
  let folder: string;

  beforeAll(async () => {
    server = await BuiltServer.start();
    folder = scratchFolder();
  });
  afterAll(async () => {
    await server.dispose();
    rmSync(folder, { recursive: true, force: true });
  });

  const here = (text: string): string =>
    text.includes('tasks.db')
      ? text.replace(`${DOCUMENTED}/data`, folder)
      : text.replace(DOCUMENTED, PROJECT);

  async function toolsOver(transport: StdioClientTransport | StreamableHTTPClientTransport): Promise<number> {
    const client = new Client({ name: 'configured', version: '1' });
    await client.connect(transport);
    const { tools } = await client.listTools();
    await client.close();
    return tools.length;
  }

  it('are those of VS Code, Cursor, Gemini CLI and OpenCode', () => {
    expect(configurations).toHaveLength(4);
  });

  it.each(configurations)('start a server on standard input and output (%s)', async (_keys, servers) => {
    const { command, args = [], env, environment } = servers['tasks-local'];
    const [program = '', ...rest] = [command, ...args].flat().map(here);
    const { DATABASE_URL = '' } = { ...env, ...environment };
    const { PATH = '', HOME = '' } = process.env;
    const transport = new StdioClientTransport({
      command: program,
      args: rest,
      env: { PATH, HOME, DATABASE_URL: here(DATABASE_URL) },
      cwd: folder,
      stderr: 'ignore',
    });

    expect(await toolsOver(transport)).toBe(12);
  });

  it.each(configurations)('lead to the service over HTTP (%s)', async (_keys, { tasks }) => {
    const { url, httpUrl = url ?? '', headers } = tasks;
    const Authorization = headers.Authorization.replace(KEY, server.key);
    const endpoint = new URL(httpUrl.replace('http://127.0.0.1:8080', server.url));

    expect(
      await toolsOver(
        new StreamableHTTPClientTransport(endpoint, { requestInit: { headers: { Authorization } } }),
      ),
    ).toBe(12);
  });
});
