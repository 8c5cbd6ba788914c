import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { SECRETS } from './secrets-watch';
import { storedPrompts } from './stored-prompts';

const PROJECT = resolve(__dirname, '../..');
const LAUNCHER = join(PROJECT, 'bin/task-orchestrator.js');
const START_MS = 30_000;
const STOP_MS = 30_000;

/** A process without input whose output is read. */
export type Launched = ChildProcessByStdio<null, Readable, Readable>;

/** Environment variables over the few that every server under test gets. */
export type Environment = Readonly<Record<string, string>>;

/** How a process has ended. */
export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** What a command has written until its end. */
export interface Finished extends Ended {
  readonly output: string;
  readonly errors: string;
}

/** The line of its log in which a server says that it is ready. */
export interface ReadyLine {
  readonly url: string;
  readonly task_manager?: string;
  readonly docs?: string;
  readonly socket?: string;
  readonly database: string;
  readonly admin_key_file?: string;
  readonly duration_ms: number;
}

/** Makes a folder of its own for a server; whoever makes it removes it. */
export function scratchFolder(): string {
  return realpathSync(mkdtempSync(join(tmpdir(), 'built-')));
}

/**
 * Starts the built program with these arguments and only these settings, on any free port.
 * @param input a file that is open, for its standard input
 * @param output the same for its standard output, which is not read then
 */
export function launch(
  folder: string,
  args: readonly string[],
  env: Environment = {},
  input: number | 'ignore' = 'ignore',
  output: number | 'pipe' = 'pipe',
): Launched {
  const [node, launcher] = builtProgram();
  return spawn(node, [launcher, ...args], {
    cwd: folder,
    env: environmentOf(env),
    stdio: [input, output, 'pipe'],
  }) as Launched;
}

/** What runs the built program: Node, and what it is to run. */
export function builtProgram(): readonly [node: string, launcher: string] {
  if (!existsSync(join(PROJECT, 'dist/src/main.js'))) throw new Error('not built: run npm run build first');
  return [process.execPath, LAUNCHER];
}

/** What a program under test sees of the environment, whoever runs the tests. */
export function environmentOf(env: Environment): Environment {
  return { ...inherited(), SERVER_PORT: '0', TASK_MANAGER_PORT: '0', LOG_FORMAT: 'json', ...env };
}

/** Runs the built program to its end. */
export function runToEnd(
  folder: string,
  args: readonly string[],
  env: Environment = {},
  input: number | 'ignore' = 'ignore',
): Promise<Finished> {
  return finished(launch(folder, args, env, input));
}

/**
 * Runs a script of the shell to its end, in which `program` is the built one. Its pipes are those that people have: what
 * Node makes for its children is a socket.
 */
export function runInShell(folder: string, script: string, env: Environment = {}): Promise<Finished> {
  const [node, launcher] = builtProgram();
  const args = ['-c', `program() { '${node}' '${launcher}' "$@"; }\n${script}`];
  const options = { cwd: folder, env: environmentOf(env) };
  return finished(spawn('/bin/sh', args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] }));
}

async function finished(child: Launched): Promise<Finished> {
  const timer = setTimeout(() => child.kill('SIGKILL'), START_MS);
  const [output, errors, [code, signal]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
  ]);
  clearTimeout(timer);
  return { code, signal, output, errors };
}

/** The built service as a process of its own, in a folder of its own. */
export class BuiltServer {
  private child: Launched | null = null;
  private ended: Promise<Ended> = Promise.resolve({ code: 0, signal: null });
  private written = '';
  private current: ReadyLine | null = null;

  private constructor(
    readonly folder: string,
    private readonly ownsFolder: boolean,
    private env: Environment,
  ) {}

  /**
   * Starts a server and waits until it is ready.
   * @param folder its working directory, which the caller removes; without one it gets its own
   */
  static async start(env: Environment = {}, folder?: string): Promise<BuiltServer> {
    const server = new BuiltServer(folder ?? scratchFolder(), folder === undefined, env);
    try {
      await server.restart();
    } catch (error) {
      await server.dispose();
      throw error;
    }
    return server;
  }

  /** Starts it again on the same files, if need be after a stop. Its port is a new one. */
  async restart(env: Environment = this.env): Promise<void> {
    if (this.child !== null) await this.stop();
    this.env = env;
    const child = launch(this.folder, ['serve'], env);
    this.child = child;
    this.ended = once(child, 'close').then(([code, signal]) => {
      this.child = null;
      return { code, signal };
    });
    this.current = await this.ready(child);
  }

  /** What it said when it was ready. */
  get line(): ReadyLine {
    if (this.current === null) throw new Error('the server is not ready');
    return this.current;
  }

  /** Where its API is, such as http://127.0.0.1:40123. */
  get url(): string {
    return this.line.url;
  }

  /** A key with the role admin. */
  get key(): string {
    return this.env.API_SECRET_KEY ?? readFileSync(join(this.folder, 'data/admin.key'), 'utf8').trim();
  }

  get pid(): number {
    if (this.child?.pid === undefined) throw new Error('the server does not run');
    return this.child.pid;
  }

  /** Everything that it has written so far, over all its starts. */
  logs(): string {
    return this.written;
  }

  /** Sends a request with the key. */
  async request(path: string, init: RequestInit & { readonly json?: unknown } = {}): Promise<Response> {
    const { json, ...rest } = init;
    const body = json === undefined ? {} : { method: 'POST', body: JSON.stringify(json) };
    const headers = { authorization: `Bearer ${this.key}`, 'content-type': 'application/json' };
    SECRETS.notePrompts(json);
    const response = await fetch(this.url + path, { ...body, headers, ...rest });
    if (!response.ok) SECRETS.mustNotBeIn(await response.clone().text(), `the answer to ${path}`);
    return response;
  }

  /** Sends a signal and leaves it at that. */
  signal(signal: NodeJS.Signals): void {
    process.kill(this.pid, signal);
  }

  /** Sends a signal and waits for the end. */
  async kill(signal: NodeJS.Signals): Promise<Ended> {
    this.signal(signal);
    return this.end();
  }

  /** Stops it as an operator would. */
  stop(): Promise<Ended> {
    return this.kill('SIGTERM');
  }

  /** Waits for the end, with an end. */
  async end(): Promise<Ended> {
    const child = this.child;
    const timer = setTimeout(() => child?.kill('SIGKILL'), STOP_MS);
    const ended = await this.ended;
    clearTimeout(timer);
    this.checkLog();
    return ended;
  }

  /** Ends whatever still runs, and removes the files in a folder of its own. */
  async dispose(): Promise<void> {
    if (this.child !== null) await this.kill('SIGKILL');
    if (this.ownsFolder) rmSync(this.folder, { recursive: true, force: true });
  }

  /** Looks for every key and prompt that the service was given in everything that it has logged. */
  private checkLog(): void {
    SECRETS.noteKey(this.env.API_SECRET_KEY);
    SECRETS.noteKey(this.env.DATABASE_ENCRYPTION_KEY);
    for (const prompt of storedPrompts(this.current?.database ?? '')) SECRETS.notePrompts({ prompt });
    SECRETS.mustNotBeIn(this.written + this.logFile(), 'the log');
  }

  /** What is in LOG_FILE; '' where there is none. */
  private logFile(): string {
    const { LOG_FILE: name } = this.env;
    const path = name === undefined ? null : join(this.folder, name);
    return path !== null && existsSync(path) ? readFileSync(path, 'utf8') : '';
  }

  private ready(child: Launched): Promise<ReadyLine> {
    const from = this.written.length;
    const fromInFile = this.logFile().length;
    const { promise, resolve: succeed, reject } = Promise.withResolvers<ReadyLine>();
    const fail = (why: string): void => reject(new Error(`${why}:\n${this.written.slice(from)}`));
    const timer = setTimeout(() => fail('not ready in time'), START_MS);
    let isReady = false;
    const read = (chunk: Buffer): void => {
      this.written += chunk.toString();
      if (isReady) return;
      // What is said to people comes behind the line in the file.
      const line = readyLineIn(this.written.slice(from)) ?? readyLineIn(this.logFile().slice(fromInFile));
      if (line === null) return;
      isReady = true;
      succeed(line);
    };
    child.stdout.on('data', read);
    child.stderr.on('data', read);
    void this.ended.then(() => fail('ended before it was ready'));
    return promise.finally(() => clearTimeout(timer));
  }
}

function readyLineIn(written: string): ReadyLine | null {
  const line = written.split('\n').find((text) => text.endsWith('"msg":"ready"}'));
  return line === undefined ? null : (JSON.parse(line) as ReadyLine);
}

/** No setting of whoever runs the tests, but what a process needs, and where its coverage goes. */
function inherited(): Record<string, string> {
  const names = ['PATH', 'HOME', 'TMPDIR', 'NODE_V8_COVERAGE'];
  return Object.fromEntries(
    names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])),
  );
}
