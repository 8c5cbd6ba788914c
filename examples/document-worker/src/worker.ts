import { setTimeout as pause } from 'node:timers/promises';
import { processDocument } from './process-document.ts';
import type { Settings } from './settings.ts';
import { Refused, type ClaimedTask, type TaskManager } from './task-manager.ts';
import { UnfitDocument } from './unfit-document.ts';

/** Is told what the worker does. */
export type Log = (message: string, fields?: Readonly<Record<string, unknown>>) => void;

/** A lease is renewed three times before it could run out. */
const RENEWALS_IN_A_LEASE = 3;
/** How long the last words to the task manager may take, once the worker has to go. */
const FAREWELL_MS = 10_000;
/** A key that is refused now may be good again later. */
const AFTER_REFUSAL_MS = 10_000;
/** Between two looks into an empty queue, where a claim does not wait. */
const EMPTY_QUEUE_MS = 1_000;
const STOPPING = 'the worker is shutting down';

/** Somebody else has the task now, or it was cancelled: its work is of no use any more. */
class TaskTaken extends Error {}
/** The worker has to go before the task is done. */
class NoTimeLeft extends Error {}

/**
 * Claims documents, several at once, and processes them. Each slot claims for itself, so that work never waits for
 * other work; one heartbeat renews the leases of all.
 */
export class Worker {
  /** What runs; aborted when its task is taken, or no time is left. */
  private readonly running = new Map<ClaimedTask, AbortController>();
  private readonly stopping = new AbortController();
  private readonly tasks: TaskManager;
  private readonly settings: Settings;
  private readonly log: Log;

  constructor(tasks: TaskManager, settings: Settings, log: Log) {
    this.tasks = tasks;
    this.settings = settings;
    this.log = log;
  }

  /** Works until it is stopped, and what it has begun is done or given back. */
  async run(): Promise<void> {
    const heartbeat = new AbortController();
    const beating = this.beat(heartbeat.signal);
    await Promise.all(Array.from({ length: this.settings.concurrency }, () => this.work()));
    heartbeat.abort();
    await beating;
    await this.giveBackLeftovers();
  }

  /** Claims nothing more. What runs may end within the time of grace; the rest is given back. */
  stop(): void {
    if (this.stopping.signal.aborted) return;
    this.stopping.abort();
    const { graceSeconds } = this.settings;
    setTimeout(() => {
      for (const work of this.running.values()) work.abort(new NoTimeLeft());
    }, graceSeconds * 1000).unref();
  }

  private get isStopping(): boolean {
    return this.stopping.signal.aborted;
  }

  /** A claim whose answer was on its way when the worker stopped has handed it a task that it knows nothing of. */
  private async giveBackLeftovers(): Promise<void> {
    const farewell = AbortSignal.timeout(FAREWELL_MS);
    try {
      const left = await this.tasks.heartbeat([], farewell);
      for (const id of left) await this.tasks.giveBack(id, STOPPING, farewell);
    } catch (error) {
      this.log('what is left goes back when its lease ends', { error: messageOf(error) });
    }
  }

  /** One slot: a document after the other. */
  private async work(): Promise<void> {
    while (!this.isStopping) {
      try {
        await this.next();
      } catch (error) {
        await this.afterFailedClaim(error);
      }
    }
  }

  private async next(): Promise<void> {
    const { signal } = this.stopping;
    const task = await this.tasks.claim(signal);
    if (task !== null) await this.handle(task);
    else if (this.settings.waitSeconds === 0) await pause(EMPTY_QUEUE_MS, undefined, { signal });
  }

  private async afterFailedClaim(error: unknown): Promise<void> {
    if (this.isStopping) return;
    this.log('no task was claimed', { error: messageOf(error) });
    await pause(AFTER_REFUSAL_MS, undefined, { signal: this.stopping.signal }).catch(() => undefined);
  }

  /** Does one task, and tells how it ended. */
  private async handle(task: ClaimedTask): Promise<void> {
    const work = new AbortController();
    this.running.set(task, work);
    this.log('claimed', { task: task.id });
    try {
      await this.settle(task, work.signal);
    } catch (error) {
      // Nobody can be told: the lease runs out, and the task goes to another worker.
      this.log('the end was not told', { task: task.id, error: messageOf(error) });
    } finally {
      this.running.delete(task);
    }
  }

  private async settle(task: ClaimedTask, signal: AbortSignal): Promise<void> {
    try {
      const result = await processDocument(
        task.payload,
        this.settings.root,
        (percent, message) => this.tell(task, percent, message, signal),
        signal,
      );
      await this.tasks.complete(task, result, signal);
      this.log('completed', { task: task.id, chunks: result.chunk_count });
    } catch (error) {
      await this.giveUp(task, signal.aborted ? signal.reason : error);
    }
  }

  private async tell(
    task: ClaimedTask,
    percent: number,
    message: string,
    signal: AbortSignal,
  ): Promise<void> {
    await this.tasks.progress(task, percent, message, signal);
  }

  private async giveUp(task: ClaimedTask, error: unknown): Promise<void> {
    const farewell = AbortSignal.timeout(FAREWELL_MS);
    if (error instanceof TaskTaken || (error instanceof Refused && error.status === 409)) {
      this.log('taken away', { task: task.id, error: messageOf(error) });
    } else if (error instanceof NoTimeLeft) {
      await this.tasks.release(task, STOPPING, farewell);
      this.log('given back', { task: task.id });
    } else {
      const isUnfit = error instanceof UnfitDocument || error instanceof Refused;
      await this.tasks.fail(task, messageOf(error), !isUnfit, farewell);
      this.log('failed', { task: task.id, error: messageOf(error) });
    }
  }

  /** Renews the leases of all that runs. What is not this worker's any more is ended. */
  private async beat(signal: AbortSignal): Promise<void> {
    const everyMs = (this.settings.leaseSeconds * 1000) / RENEWALS_IN_A_LEASE;
    const hasEnded = (): boolean => signal.aborted;
    while (!hasEnded()) {
      // What is claimed while the heartbeat is under way may be missing from its answer.
      const before = [...this.running];
      try {
        const own = await this.tasks.heartbeat(
          before.map(([task]) => task),
          signal,
        );
        const lost = before.filter(([{ id }]) => !own.has(id));
        for (const [, work] of lost) work.abort(new TaskTaken('it is held no longer'));
      } catch (error) {
        if (!hasEnded()) this.log('no heartbeat', { error: messageOf(error) });
      }
      await pause(everyMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
