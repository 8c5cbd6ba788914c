import { spawn, type ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { HTTP_READING, type HttpAnswer } from './http-reading';
import type { Door, Held } from './recorded-client';
import type { Asked, Outcome, ReadingOfAll, Recorder } from './recorder';

/** What a worker claims, as the service takes it. */
export interface WorkerClaim {
  readonly work_path: string;
  readonly worker_id: string;
  readonly limit: number;
  readonly lease_seconds: number;
}

interface Claimed {
  readonly task_id: string;
  readonly lease_token: string;
  readonly attempt: number;
}

const CLAIM_READING: ReadingOfAll<readonly Claimed[]> = {
  answer: (tasks) => tasks.map((data) => HTTP_READING.answer({ status: 200, body: { data } })),
  error: (error) => HTTP_READING.error(error),
};
const COMPLETION_READING: ReadingOfAll<readonly HttpAnswer[]> = {
  answer: (answers): Outcome[] => answers.map((answer) => HTTP_READING.answer(answer)),
  error: (error) => HTTP_READING.error(error),
};

/** A worker in a process of its own, which can be killed, or stopped and woken. What it did is written down. */
export class WorkerProcess {
  private held: readonly Held[] = [];
  private readonly lines: AsyncIterator<string>;

  private constructor(
    private readonly child: ChildProcessByStdio<Writable, Readable, null>,
    private readonly recorder: Recorder,
  ) {
    this.lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  }

  /** Starts a worker, and comes back when it holds what it has claimed. */
  static async start(door: Door, recorder: Recorder, claim: WorkerClaim): Promise<WorkerProcess> {
    const script = join(__dirname, 'holding-worker.mjs');
    const child = spawn(process.execPath, [script, JSON.stringify({ ...door, claim })], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const worker = new WorkerProcess(child, recorder);
    const asked = Array.from({ length: claim.limit }, (): Asked => ({ kind: 'claim' }));
    const tasks = await recorder.recordAll(asked, () => worker.told<readonly Claimed[]>(), CLAIM_READING);
    worker.held = tasks.map((task) => ({
      ...{ taskId: task.task_id, token: task.lease_token, attempt: task.attempt },
    }));
    return worker;
  }

  /** What it believes to hold. */
  get holds(): readonly Held[] {
    return this.held;
  }

  /** Stops it in the middle of whatever it does. */
  stop(): void {
    this.child.kill('SIGSTOP');
  }

  /** Wakes it: it goes on where it was, and completes all that it holds. @returns what it was told */
  wake(): Promise<readonly HttpAnswer[]> {
    const asked = this.held.map(({ taskId, token }): Asked => ({ kind: 'complete', taskId, token }));
    const run = (): Promise<readonly HttpAnswer[]> => {
      this.child.kill('SIGCONT');
      return this.told<readonly HttpAnswer[]>();
    };
    return this.recorder.recordAll(asked, run, COMPLETION_READING);
  }

  /** Ends it without a word. */
  async kill(): Promise<void> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return;
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
  }

  private async told<T>(): Promise<T> {
    const { value, done } = await this.lines.next();
    if (done === true) throw new Error('the worker ended before it said anything');
    return JSON.parse(value) as T;
  }
}
