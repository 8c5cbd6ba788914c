import { readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BuiltServer, scratchFolder } from '../../support/built-server';

describe('a failure that nobody foresaw', () => {
  let folder: string;
  let server: BuiltServer | null;

  beforeEach(() => {
    folder = scratchFolder();
    server = null;
  });

  afterEach(async () => {
    await server?.dispose();
    rmSync(folder, { recursive: true });
  });

  /** Starts the service with a fault planted in its process, which the signal sets off. */
  async function startWith(fault: string): Promise<BuiltServer> {
    const script = join(folder, 'fault.cjs');
    writeFileSync(script, `process.on('SIGUSR2', () => { ${fault} });`);
    return (server = await BuiltServer.start({ NODE_OPTIONS: `--require ${script}` }, folder));
  }

  it.each([
    ['thrown', "throw new Error('planted');"],
    ['rejected', "Promise.reject(new Error('planted'));"],
  ])('ends the process with code 1 and one line in the log when it is %s', async (_, fault) => {
    const started = await startWith(fault);

    expect(await started.kill('SIGUSR2')).toEqual({ code: 1, signal: null });
    const lines = started
      .logs()
      .split('\n')
      .filter((line) => line.includes('planted'));
    expect(lines).toEqual([
      expect.stringMatching(/"level":"fatal".*"message":"planted".*unexpected failure/),
    ]);
    expect(readdirSync(join(folder, 'data'))).not.toContain('tasks.db.owner.json');
    expect(readdirSync(join(folder, 'data'))).not.toContain('tasks.db.sock');
  });
});
