import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';

const LOAD = resolve(__dirname, '../../mcp/load.mjs');
const CALLS = 6_000;

describe('many calls of /mcp', () => {
  it('all work, and leave nothing behind in memory', async () => {
    const { stdout } = await promisify(execFile)(process.execPath, [LOAD, String(CALLS)]);

    expect(stdout).toMatch(/calls in .*, 0 failed/);
  }, 120_000);
});
