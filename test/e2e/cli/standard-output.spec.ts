import { once } from 'node:events';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { launch, scratchFolder, type Environment, type Launched } from '../../support/built-server';

describe('what the service writes to standard output', () => {
  let folder: string;
  let child: Launched | null;

  beforeEach(() => {
    folder = scratchFolder();
    child = null;
  });

  afterEach(async () => {
    if (child !== null && child.exitCode === null && child.signalCode === null) {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
    rmSync(folder, { recursive: true });
  });

  /** Starts the service and reads until the given words have come. */
  async function serveUntil(words: string, env: Environment): Promise<string> {
    child = launch(folder, ['serve'], env);
    let written = '';
    for await (const chunk of child.stdout.iterator({ destroyOnReturn: false })) {
      written += String(chunk);
      if (written.includes(words)) return written;
    }
    throw new Error(`ended before it said "${words}":\n${written}`);
  }

  async function stop(): Promise<number | null> {
    if (child === null) throw new Error('nothing runs');
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number | null];
    return code;
  }

  it('tells people in a few lines where everything is, with a new key once', async () => {
    const written = await serveUntil('local socket', { LOG_FORMAT: 'pretty' });
    const key = readFileSync(join(folder, 'data/admin.key'), 'utf8').trim();

    expect(written).toMatch(/task-orchestrator \d+\.\d+\.\d+ is ready after \d+ ms/);
    expect(written).toMatch(/listening on +http:\/\/127\.0\.0\.1:\d+\n/);
    expect(written).toMatch(/documentation +http:\/\/127\.0\.0\.1:\d+\/docs\n/);
    expect(written).toContain(`admin key      ${join(folder, 'data/admin.key')}\n`);
    expect(written).toContain(`database       ${join(folder, 'data/tasks.db')}\n`);
    expect(written.split(key)).toHaveLength(2);
    expect(await stop()).toBe(0);
  });

  it('is for people when the log goes to a file, in which the key is not', async () => {
    await serveUntil('local socket', { LOG_FILE: 'logs/service.log' });
    const log = readFileSync(join(folder, 'logs/service.log'), 'utf8');

    expect(log).toContain('"msg":"ready"');
    expect(log).not.toContain(readFileSync(join(folder, 'data/admin.key'), 'utf8').trim());
    expect(await stop()).toBe(0);
  });

  it('may go away: the service stays', async () => {
    const written = await serveUntil('"msg":"ready"', {});
    const url = /"url":"([^"]+)"/.exec(written)?.[1] ?? '';
    child?.stdout.destroy();

    expect((await fetch(`${url}/health`)).status).toBe(200);
    expect(await stop()).toBe(0);
  });
});
