import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../../../test/support/eventually';
import { untilProcesses } from '../../../test/support/processes';
import { ProcessGuard, RUN_VARIABLE } from './process-guard';

describe('the guard over commands', () => {
  let folder: string;
  let guard: ProcessGuard;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'guard-'));
  });
  afterEach(() => {
    guard.close();
    rmSync(folder, { recursive: true });
  });

  /** A shell that writes down its process each time that it is started, and then does this. */
  const noting = (then: string): string => {
    const shell = join(folder, 'shell');
    writeFileSync(shell, `#!/bin/sh\necho $$ >> ${folder}/started\n${then}\n`, { mode: 0o755 });
    return shell;
  };
  const started = (): readonly string[] =>
    existsSync(join(folder, 'started'))
      ? readFileSync(join(folder, 'started'), 'utf8').trim().split('\n')
      : [];
  const untilStarted = (times: number): Promise<readonly string[]> =>
    eventually(() => Promise.resolve(started().length >= times ? started() : null));
  const running = async (run: string): Promise<number> => {
    const env = { PATH: process.env.PATH, [RUN_VARIABLE]: run };
    const child = spawn('sh', ['-c', 'sleep 600; :', run], { env, detached: true, stdio: 'ignore' });
    child.unref();
    await untilProcesses(run, 1);
    return child.pid ?? 0;
  };

  it('ends, when its worker is gone, what it was given, also to one that was killed', async () => {
    guard = new ProcessGuard(noting('exec /bin/sh "$@"'));
    const [before, after] = [randomUUID(), randomUUID()];
    await guard.add(before, await running(before));
    process.kill(Number((await untilStarted(1))[0]), 'SIGKILL');
    await guard.add(after, await running(after));
    await untilStarted(2);
    guard.close();

    await untilProcesses(before, 0);
    await untilProcesses(after, 0);
  });

  it('is not started again and again without a pause', async () => {
    guard = new ProcessGuard(noting('read -r line; sleep 0.05; exit 1'));
    const begun = performance.now();
    await guard.add(randomUUID(), 2 ** 30);
    await untilStarted(4);

    expect(performance.now() - begun).toBeGreaterThan(3 * 200);
  });

  it('takes nothing over when it cannot be started, and says why', async () => {
    guard = new ProcessGuard(join(folder, 'nothing'));

    await expect(guard.add(randomUUID(), 2 ** 30)).rejects.toThrow('ENOENT');
    await expect(guard.add(randomUUID(), 2 ** 30)).rejects.toThrow('ENOENT');
  });
});
