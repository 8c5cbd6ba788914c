import { once } from 'node:events';
import { launch, type Ended, type Environment, type Launched } from '../../support/built-server';
import { eventually } from '../../support/eventually';

/** A line of `worker --json`. */
export interface WorkerLine {
  readonly event: string;
  readonly task_id?: string;
  readonly work_directory?: string;
  readonly outcome?: string;
  readonly reason?: string | null;
  readonly result?: object | null;
  readonly progress?: number;
  readonly message?: string | null;
}

const END_MS = 30_000;

/** `task-orchestrator worker --json` as a process of its own. */
export class RunningWorker {
  private written = '';
  private readonly ended: Promise<Ended>;

  private constructor(private readonly child: Launched) {
    child.stdout.on('data', (chunk: Buffer) => (this.written += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (this.written += chunk.toString()));
    this.ended = once(child, 'close').then(([code, signal]) => ({ code, signal }));
  }

  /** @param options before the `--`. @param command behind it */
  static start(
    folder: string,
    options: readonly string[],
    command: readonly string[],
    env: Environment = {},
  ): RunningWorker {
    return new RunningWorker(launch(folder, ['worker', '--json', ...options, '--', ...command], env));
  }

  /** Everything that it has written. */
  get output(): string {
    return this.written;
  }

  get lines(): readonly WorkerLine[] {
    return this.written
      .split('\n')
      .filter((line) => line.startsWith('{') && line.endsWith('}'))
      .map((line) => JSON.parse(line) as WorkerLine);
  }

  /** Waits until it has said this. */
  line(matches: (line: WorkerLine) => boolean): Promise<WorkerLine> {
    const found = (): WorkerLine | null => this.lines.find(matches) ?? null;
    return eventually(() => Promise.resolve(found()), { timeoutMs: END_MS }).catch(() => {
      throw new Error(`the worker did not say so, but:\n${this.written}`);
    });
  }

  /** Closes the end of its output and its errors that is read here. */
  readNoFurther(): void {
    this.child.stdout.destroy();
    this.child.stderr.destroy();
  }

  signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Sends a signal, and waits for the end, with an end. */
  async end(signal?: NodeJS.Signals): Promise<Ended> {
    if (signal !== undefined) this.signal(signal);
    const timer = setTimeout(() => this.child.kill('SIGKILL'), END_MS);
    const ended = await this.ended;
    clearTimeout(timer);
    return ended;
  }
}
