import { type ChildProcess, type ChildProcessByStdio, execFileSync, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readFileSync, realpathSync } from 'node:fs';
import { rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join, resolve } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { parse } from 'acorn';

const PROJECT = resolve(__dirname, '../..');
const LAUNCHER = join(PROJECT, 'bin/task-orchestrator.js');
const NPM_NODE = join(PROJECT, 'node_modules/node');

/** Stands for the built service: says how it was started, then does what its argument says. */
const ENTRY = `
const [command, value] = process.argv.slice(2);
const { pid, version, execArgv, argv } = process;
if (command === 'exit') process.exitCode = Number(value);
if (command === 'die') process.kill(process.pid, value);
if (command === 'echo') process.stdin.pipe(process.stdout);
if (command === 'serve') {
  const alive = setInterval(() => undefined, 1000);
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) {
    process.on(signal, () => {
      process.stdout.write('stopped by ' + signal);
      clearInterval(alive);
      process.exitCode = 9;
    });
  }
}
const left = Object.keys(process.env).filter((name) => name.includes('LAUNCHER'));
process.stdout.write(JSON.stringify({ pid, version, execArgv, args: argv.slice(2), left }) + '\\n');
`;

function findOldNode(): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => !folder.includes('node_modules'))
    .map((folder) => join(folder, 'node'))
    .filter((node) => existsSync(node))
    .find(
      (node) =>
        Number.parseInt(execFileSync(node, ['-p', 'process.versions.node'], { encoding: 'utf8' })) < 24,
    );
}

const oldNode = findOldNode();
const itUnderOldNode = oldNode === undefined ? it.skip : it;

type Launched = ChildProcessByStdio<Writable | null, Readable, Readable>;

interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly output: string;
  readonly errors: string;
}

/** What the entry printed first. */
interface Started {
  readonly pid: number;
  readonly version: string;
  readonly execArgv: readonly string[];
  readonly args: readonly string[];
  /** The launcher's own variables that the service still sees. */
  readonly left: readonly string[];
}

const started = ({ output }: Pick<Ended, 'output'>): Started => JSON.parse(output.split('\n')[0] ?? '');

describe('the launcher', () => {
  let folder: string;
  let running: ChildProcess[];

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'launcher-')));
    running = [];
  });

  afterEach(() => {
    running.filter((child) => child.exitCode === null).forEach((child) => child.kill('SIGKILL'));
    rmSync(folder, { recursive: true, force: true });
  });

  function install(
    home: string,
    { built = true, nodeIn }: { built?: boolean; nodeIn?: string } = {},
  ): string {
    const launcher = join(folder, home, 'bin/task-orchestrator.js');
    mkdirSync(dirname(launcher), { recursive: true });
    copyFileSync(LAUNCHER, launcher);
    if (built) {
      mkdirSync(join(folder, home, 'dist/src'), { recursive: true });
      writeFileSync(join(folder, home, 'dist/src/main.js'), ENTRY);
    }
    if (nodeIn !== undefined) {
      mkdirSync(join(folder, nodeIn, 'node_modules'), { recursive: true });
      symlinkSync(NPM_NODE, join(folder, nodeIn, 'node_modules/node'));
    }
    return launcher;
  }

  function launch(
    node: string,
    launcher: string,
    args: readonly string[],
    env: NodeJS.ProcessEnv = {},
  ): Launched {
    const child = spawn(node, [launcher, ...args], { env: { ...process.env, ...env } });
    running.push(child);
    return child;
  }

  async function end(child: Launched): Promise<Ended> {
    const [output, errors, [code, signal]] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      // Not before everybody who holds its streams has ended, so the service that it started too.
      once(child, 'close'),
    ]);
    return { code, signal, output, errors };
  }

  async function firstLine(child: Launched): Promise<void> {
    await once(child.stdout, 'data');
  }

  it('can be parsed by a Node of any age', () => {
    const program = parse(readFileSync(LAUNCHER, 'utf8'), { ecmaVersion: 5, allowHashBang: true });

    expect(program.body.length).toBeGreaterThan(0);
  });

  it('says what to do when the project is not built', async () => {
    const { code, errors } = await end(launch(process.execPath, install('app', { built: false }), []));

    expect({ code, errors }).toEqual({ code: 1, errors: expect.stringContaining('npm run build') });
  });

  describe('on a Node that is new enough', () => {
    it('becomes the service under its own process id, with the memory flags and the same arguments', async () => {
      const child = launch(process.execPath, install('app'), ['serve-nothing', '--port=0', 'a b']);
      const ended = await end(child);

      expect(started(ended)).toMatchObject({
        pid: child.pid,
        version: process.version,
        execArgv: ['--max-semi-space-size=16', '--min-semi-space-size=4'],
        args: ['serve-nothing', '--port=0', 'a b'],
      });
      expect(ended).toMatchObject({ code: 0, errors: '' });
    });

    it('leaves a memory flag alone that its user has set', async () => {
      const env = { NODE_OPTIONS: '--max-semi-space-size=8' };

      expect(started(await end(launch(process.execPath, install('app'), [], env))).execArgv).toEqual([]);
    });

    it('runs in place when it was forked with a channel', async () => {
      const child = fork(install('app'), ['exit', '4'], {
        execPath: process.execPath,
        execArgv: [],
        silent: true,
      });
      running.push(child);

      expect(await once(child, 'close')).toEqual([4, null]);
    });

    it('ends as the service ends', async () => {
      const launcher = install('app');

      expect(await end(launch(process.execPath, launcher, ['exit', '7']))).toMatchObject({ code: 7 });
      expect(await end(launch(process.execPath, launcher, ['die', 'SIGKILL']))).toMatchObject({
        signal: 'SIGKILL',
      });
    });
  });

  describe(`on an older Node (${oldNode ?? 'skipped: no Node older than 24 on this PATH'})`, () => {
    const old = oldNode ?? '';

    itUnderOldNode('starts itself again under the Node that npm brought', async () => {
      const ended = await end(launch(old, install('app', { nodeIn: 'app' }), ['serve-nothing', 'a b']));
      const { version, execArgv, args, left } = started(ended);

      expect({ version, execArgv, args }).toEqual({
        version: process.version,
        execArgv: ['--max-semi-space-size=16', '--min-semi-space-size=4'],
        args: ['serve-nothing', 'a b'],
      });
      expect(left).toEqual([]);
      expect(ended).toMatchObject({ code: 0, errors: '' });
    });

    itUnderOldNode('finds it beside itself when it is a dependency of another project', async () => {
      const launcher = install('other/node_modules/task-orchestrator', { nodeIn: 'other' });

      expect(started(await end(launch(old, launcher, []))).version).toBe(process.version);
    });

    itUnderOldNode('says what is needed when there is none', async () => {
      const { code, errors } = await end(launch(old, install('app'), []));

      expect({ code, errors }).toEqual({ code: 1, errors: expect.stringContaining('needs Node 24') });
    });

    itUnderOldNode('says first that the project is not built', async () => {
      const { code, errors } = await end(launch(old, install('app', { built: false }), []));

      expect({ code, errors }).toEqual({ code: 1, errors: expect.stringContaining('npm run build') });
    });

    itUnderOldNode('passes standard input through', async () => {
      const child = launch(old, install('app', { nodeIn: 'app' }), ['echo']);
      child.stdin?.end('said to the service');

      expect((await end(child)).output).toMatch(/said to the service$/);
    });

    itUnderOldNode('ends with the exit code of the service, or 128 and its signal', async () => {
      const launcher = install('app', { nodeIn: 'app' });

      expect((await end(launch(old, launcher, ['exit', '7']))).code).toBe(7);
      expect((await end(launch(old, launcher, ['die', 'SIGKILL']))).code).toBe(128 + 9);
    });

    itUnderOldNode.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
      'forwards %s and waits for the end',
      async (signal) => {
        const child = launch(old, install('app', { nodeIn: 'app' }), ['serve']);
        const ended = end(child);
        await firstLine(child);
        child.kill(signal);

        expect(await ended).toMatchObject({
          code: 9,
          output: expect.stringMatching(`stopped by ${signal}$`),
        });
      },
    );

    itUnderOldNode('leaves no orphan when it is killed outright', async () => {
      const child = launch(old, install('app', { nodeIn: 'app' }), ['serve']);
      const ended = end(child);
      await firstLine(child);
      child.kill('SIGKILL');

      expect(await ended).toMatchObject({
        signal: 'SIGKILL',
        output: expect.stringMatching(/stopped by SIGTERM$/),
      });
    });
  });
});
