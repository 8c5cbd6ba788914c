import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { BuiltServer } from '../../support/built-server';
import { useBuiltServer } from '../../support/use-built-server';

describe('a failure that nobody foresaw', () => {
  const here = useBuiltServer();

  /** Starts the service with a fault planted in its process, which the signal sets off. */
  async function startWith(fault: string): Promise<BuiltServer> {
    const script = join(here.path, 'fault.cjs');
    writeFileSync(script, `process.on('SIGUSR2', () => { ${fault} });`);
    return here.start({ NODE_OPTIONS: `--require ${script}` });
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
    expect(readdirSync(join(here.path, 'data'))).not.toContain('tasks.db.owner.json');
    expect(readdirSync(join(here.path, 'data'))).not.toContain('tasks.db.sock');
  });
});
