import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { eventually } from './eventually';

const FOLDER = resolve(__dirname, '../../examples/document-worker');
const STOP_MS = 20_000;

/** A line of the worker's log. */
export interface WorkerLine {
  readonly message: string;
  readonly task?: string;
  readonly error?: string;
}

/** The example worker as a process of its own. */
export class DocumentWorker {
  private written = '';
  private hasEnded = false;

  private constructor(private readonly child: ChildProcess) {
    const read = (chunk: Buffer): void => void (this.written += chunk.toString());
    child.once('close', () => (this.hasEnded = true));
    child.stdout?.on('data', read);
    child.stderr?.on('data', read);
  }

  /** Starts it, and waits until it says that it has. */
  static async start(env: Readonly<Record<string, string>>): Promise<DocumentWorker> {
    const child = spawn(process.execPath, ['src/main.ts'], {
      cwd: FOLDER,
      env: { PATH: process.env.PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const worker = new DocumentWorker(child);
    await worker.says((line) => line.message === 'started');
    return worker;
  }

  get lines(): readonly WorkerLine[] {
    return this.written
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as WorkerLine);
  }

  /** Waits for a line of its log. @throws when it ends without having said it */
  async says(isWanted: (line: WorkerLine) => boolean): Promise<WorkerLine> {
    const line = await eventually<WorkerLine | 'nothing'>(() =>
      Promise.resolve(this.lines.find(isWanted) ?? (this.hasEnded ? 'nothing' : null)),
    );
    if (line === 'nothing') throw new Error(`the worker ended before it said that:\n${this.written}`);
    return line;
  }

  /** Tells it to stop. @returns its exit code */
  async stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.hasEnded) return this.child.exitCode;
    const timer = setTimeout(() => this.child.kill('SIGKILL'), STOP_MS);
    const ended = once(this.child, 'close') as Promise<[number | null]>;
    this.child.kill(signal);
    const [code] = await ended;
    clearTimeout(timer);
    return code;
  }
}
