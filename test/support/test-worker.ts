import { Worker, type WorkerParts } from '../../src/worker/runtime/worker';
import type { HandlerContext, TaskHandler } from '../../src/worker/runtime/task-handler';
import type { WorkEvent } from '../../src/worker/runtime/work-event';
import type { WorkTask } from '../../src/worker/runtime/work-task';
import { uuid } from './counted-ids';
import { ManualTimers } from './manual-timers';
import { ScriptedSource, workTask, type Asked } from './scripted-source';

const LEASE_SECONDS = 60;
/** How long a lease lasts that the worker under test holds. */
export const LEASE_MS = LEASE_SECONDS * 1000;
/** How often it is to say that it is alive. */
export const BEAT_MS = LEASE_MS / 3;

/** Work that ends when a test says so, and how it was told to end. */
class Work {
  readonly begun: string[] = [];
  readonly ended = new Map<string, unknown>();
  private readonly running = new Map<
    string,
    { resolve: (result: unknown) => void; context: HandlerContext }
  >();
  most = 0;
  obeys = true;

  readonly handler: TaskHandler = (task, context) => {
    this.begun.push(task.id);
    return new Promise((resolve, reject) => {
      this.running.set(task.id, { resolve, context });
      this.most = Math.max(this.most, this.running.size);
      context.signal.addEventListener('abort', () => {
        this.ended.set(task.id, context.signal.reason);
        if (!this.obeys) return;
        this.running.delete(task.id);
        reject(context.signal.reason as Error);
      });
    });
  };

  tell(id: string, percent: number, message?: string): void {
    this.running.get(id)?.context.progress(percent, message);
  }

  finish(id: string, result: unknown = { done: true }): void {
    this.running.get(id)?.resolve(result);
    this.running.delete(id);
  }
}

/** A worker under test, with the queue that it asks and the work that it is given. */
export class TestWorker {
  readonly timers = new ManualTimers();
  readonly source = new ScriptedSource(this.timers);
  readonly work = new Work();
  readonly events: WorkEvent[] = [];
  private started: { readonly worker: Worker; readonly run: Promise<unknown> } | null = null;

  start(changes: Partial<WorkerParts> = {}): Promise<void> {
    const worker = this.make(changes);
    return this.begin(worker, worker.run());
  }

  /** Lets it look for one task, and work on that. */
  startOnce(): Promise<void> {
    const worker = this.make({});
    return this.begin(worker, worker.runOnce());
  }

  private make(changes: Partial<WorkerParts>): Worker {
    return new Worker({
      source: this.source,
      terms: { workerId: 'worker-1', leaseSeconds: LEASE_SECONDS },
      handlerFor: () => this.work.handler,
      concurrency: 4,
      directories: null,
      waitSeconds: 20,
      timeoutMsOf: () => null,
      endMs: 10_000,
      timers: this.timers,
      random: () => 0.5,
      onEvent: (event) => this.events.push(event),
      ...changes,
    });
  }

  private begin(worker: Worker, run: Promise<unknown>): Promise<void> {
    run.catch(() => undefined);
    this.started = { worker, run };
    return this.timers.advance(0);
  }

  /** Ends with the worker; of one task with its outcome. */
  get run(): Promise<unknown> {
    return this.begun.run;
  }

  /** How many tasks it holds. */
  get running(): number {
    return this.begun.worker.running;
  }

  stop(patienceMs: number): Promise<void> {
    return this.begun.worker.stop(patienceMs);
  }

  put(...tasks: readonly WorkTask[]): Promise<void> {
    this.source.put(...tasks);
    return this.timers.advance(0);
  }

  /** How each task has ended that has. */
  outcomes(): unknown[] {
    return this.events.flatMap((event) =>
      event.kind === 'ended' ? [[event.task.id, event.outcome, event.reason]] : [],
    );
  }

  /** Lets the queue answer every request of a kind like this. */
  failWhen(what: Asked['what'], failure: () => Error): void {
    this.source.failure = (asked) => (asked.what === what ? failure() : null);
  }

  /** Stops it, and looks whether it left a timer behind. */
  async end(): Promise<void> {
    this.source.failure = null;
    const stopped = this.stop(0);
    await this.timers.advance(60_000);
    await stopped;
    await this.run.catch(() => undefined);
    expect(this.timers.count).toBe(0);
  }

  private get begun(): NonNullable<typeof this.started> {
    if (this.started === null) throw new Error('the worker was not started');
    return this.started;
  }
}

/** The task of this number, as a worker gets it. */
export function task(number: number, changes: Partial<WorkTask> = {}): WorkTask {
  return workTask({ id: uuid(number), ...changes });
}
