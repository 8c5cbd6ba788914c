import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { BuiltServer } from '../../support/built-server';
import type { ToolResult } from '../../support/mcp-client';

const INSPECTOR = resolve(__dirname, '../../../node_modules/.bin/mcp-inspector');
const run = promisify(execFile);

describe.each(['modern', 'legacy'])('the Inspector’s command line (%s)', (era) => {
  let server: BuiltServer;
  let home: string;

  beforeAll(async () => {
    home = mkdtempSync(join(tmpdir(), 'inspector-'));
    server = await BuiltServer.start();
  });
  afterAll(async () => {
    await server.dispose();
    rmSync(home, { recursive: true, force: true });
  });

  async function inspect<Answer>(...args: readonly string[]): Promise<Answer> {
    const where = [
      `${server.url}/mcp`,
      '--transport',
      'http',
      '--header',
      `Authorization: Bearer ${server.key}`,
    ];
    const { stdout } = await run(
      process.execPath,
      [INSPECTOR, '--cli', ...where, '--protocol-era', era, '--format', 'json', ...args],
      { env: { PATH: process.env.PATH, HOME: home } },
    );
    return (JSON.parse(stdout) as { readonly result: Answer }).result;
  }

  it('lists the tools, and finds nothing wrong with their schemas', async () => {
    const { tools } = await inspect<{ tools: { name: string }[] }>('--method', 'tools/list', '--strict');

    expect(tools.map(({ name }) => name)).toContain('task_claim');
    expect(tools).toHaveLength(12);
  });

  it('calls them', async () => {
    const call = (name: string, given: object): Promise<ToolResult> =>
      inspect('--method', 'tools/call', '--tool-name', name, '--tool-args-json', JSON.stringify(given));

    const filed = await call('task_create', { work_directory: '/srv/project', prompt: 'Inspect this.' });
    expect(filed.structuredContent).toMatchObject({ status: 'waiting' });
    const claimed = await call('task_claim', { work_path: '/srv/project' });
    expect(claimed.structuredContent).toMatchObject({ claimed: true, prompt: 'Inspect this.' });
    const { task_id, lease_token } = claimed.structuredContent ?? {};
    const ended = await call('task_complete', { task_id, lease_token, result: { ok: true } });
    expect(ended.structuredContent).toMatchObject({ status: 'completed' });
  });
});
