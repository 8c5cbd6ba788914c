import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const TIMEOUT_MS = 20_000;
const run = promisify(execFile);

/**
 * Runs a program of the documents as a user of theirs would, untouched by the settings of whoever runs the tests.
 * @returns what it wrote to its standard output
 * @throws when it ends with an error, or not at all
 */
export async function runScript(file: string, args: readonly string[], folder: string): Promise<string> {
  const { stdout } = await run(file, args, {
    cwd: folder,
    timeout: TIMEOUT_MS,
    env: { PATH: process.env.PATH, HOME: folder, LANG: 'C.UTF-8', PYTHONDONTWRITEBYTECODE: '1' },
  });
  return stdout;
}
