import type { Timers } from '@task/application';
import { Attempt } from './attempt';
import { DirectoryGate, type DirectoryRule } from './directory-gate';
import { nextTryMs } from './next-try';
import { OutcomeReporter } from './outcome-reporter';
import { pause, within } from './pause';
import { Semaphore } from './semaphore';
import type { TaskHandler } from './task-handler';
import type { AttemptOutcome, WorkEvent } from './work-event';
import { SourceAway, type ClaimTerms, type Hold, type WorkSource } from './work-source';

/** What a worker works on, with what, and how much at a time. */
export interface WorkerParts {
  readonly source: WorkSource;
  readonly terms: ClaimTerms;
  /** Who does the work of a type. */
  readonly handlerFor: (taskType: string) => TaskHandler;
  /** Tasks at a time. */
  readonly concurrency: number;
  readonly directories: DirectoryRule | null;
  /** How long a claim waits for work: 0–25 s. */
  readonly waitSeconds: number;
  /** Longest time of an attempt at a task of this type; null leaves it to the task. */
  readonly timeoutMsOf: (taskType: string) => number | null;
  /** How long a handler may take to end after it was told to. */
  readonly endMs: number;
  readonly timers: Timers;
  readonly random: () => number;
  /** Told what happens; it must not throw. */
  readonly onEvent: (event: WorkEvent) => void;
}

/** The most tasks of one claim. */
const MOST_AT_ONCE = 100;
/** A claim that comes back empty sooner than this was not waited for: the next one has to be. */
const SOON_MS = 1_000;
const EMPTY_PAUSE_MS = 1_000;

/** Claims tasks, works on so many at a time, and tells the queue how each ended, until it is stopped. */
export class Worker {
  private readonly attempts = new Map<Attempt, Promise<AttemptOutcome>>();
  private readonly draining = new AbortController();
  private readonly hurried = new AbortController();
  private readonly slots: Semaphore;
  private readonly gate: DirectoryGate | null;
  private readonly reporter: OutcomeReporter;
  private loop: Promise<void> = Promise.resolve();
  private room = Promise.withResolvers<undefined>();
  private isAway = false;

  constructor(private readonly parts: WorkerParts) {
    const { concurrency, directories, timers, random } = parts;
    this.slots = new Semaphore(concurrency);
    this.gate = directories === null ? null : new DirectoryGate(directories);
    this.reporter = new OutcomeReporter(timers, random, this.hurried.signal);
  }

  /**
   * Begins to claim.
   * @returns when it was stopped and everything has ended
   * @throws SourceRefused when the queue refuses this worker
   */
  async run(): Promise<void> {
    this.loop = this.claimOn();
    try {
      await this.loop;
    } catch (error) {
      await this.stop(0);
      throw error;
    }
    await Promise.all(this.attempts.values());
  }

  /**
   * Claims one task, if there is one now, and works on it.
   * @returns how it ended, null when there was none or it was stopped before
   * @throws SourceRefused, SourceAway
   */
  async runOnce(): Promise<AttemptOutcome | null> {
    const { source, terms } = this.parts;
    try {
      const [hold] = await source.claim({ ...terms, limit: 1, waitSeconds: 0 }, this.draining.signal);
      return hold === undefined ? null : await this.begin(hold);
    } catch (error) {
      if (this.isStopping()) return null;
      throw error;
    }
  }

  /** Tasks in its hands. */
  get running(): number {
    return this.attempts.size;
  }

  private isStopping(): boolean {
    return this.draining.signal.aborted;
  }

  /**
   * Claims nothing more, lets what runs go on for so long, and gives the rest back.
   * @returns when everything has ended, whatever the handlers do
   */
  async stop(finishMs: number): Promise<void> {
    const { timers, onEvent } = this.parts;
    if (!this.isStopping()) {
      onEvent({ kind: 'stopping', running: this.running });
      this.draining.abort(new Error('the worker stops'));
      this.room.resolve(undefined);
    }
    await this.loop.catch(() => undefined);
    const ended = Promise.all(this.attempts.values());
    if (finishMs > 0) await Promise.race([within(timers, finishMs, ended), aborted(this.hurried.signal)]);
    this.hurried.abort();
    for (const attempt of this.attempts.keys()) attempt.end('stopping', 'the worker stops');
    await Promise.all(this.attempts.values());
  }

  private async claimOn(): Promise<void> {
    const { timers, random } = this.parts;
    const { signal } = this.draining;
    for (let failures = 0; ;) {
      const limit = await this.freeSlots();
      if (this.isStopping()) return;
      try {
        const isWorthIt = await this.claim(limit);
        failures = 0;
        if (!isWorthIt) await pause(timers, EMPTY_PAUSE_MS * (0.5 + random()), signal);
      } catch (error) {
        if (this.isStopping()) return;
        if (!(error instanceof SourceAway)) throw error;
        this.noteAway(error);
        await pause(timers, nextTryMs(error, failures, random), signal);
        failures += 1;
      }
    }
  }

  /** @returns false for an empty answer that nobody waited for */
  private async claim(limit: number): Promise<boolean> {
    const { source, terms, timers, waitSeconds } = this.parts;
    const askedAt = timers.monotonic();
    const holds = await source.claim({ ...terms, limit, waitSeconds }, this.draining.signal);
    if (this.isAway) this.parts.onEvent({ kind: 'back' });
    this.isAway = false;
    for (const hold of holds) void this.begin(hold);
    // Who waits for a directory is known only when everybody has tried to enter.
    if (this.gate !== null) await new Promise((resolve) => setImmediate(resolve));
    return holds.length > 0 || timers.monotonic() - askedAt >= SOON_MS;
  }

  private begin(hold: Hold): Promise<AttemptOutcome> {
    const { handlerFor, terms, timeoutMsOf, endMs, source, timers, random, onEvent } = this.parts;
    const attempt = new Attempt(hold, handlerFor(hold.task.taskType), {
      source,
      timers,
      random,
      onEvent,
      reporter: this.reporter,
      leaseMs: terms.leaseSeconds * 1000,
      timeoutMs: timeoutMsOf(hold.task.taskType),
      endMs,
      enter: (signal) => this.enter(hold.task.workDirectory, signal),
    });
    const ended = attempt.run().finally(() => {
      this.attempts.delete(attempt);
      this.room.resolve(undefined);
    });
    this.attempts.set(attempt, ended);
    // Claimed while it was told to stop: nobody has begun with it yet.
    if (this.isStopping()) attempt.end('stopping', 'the worker stops');
    return ended;
  }

  /** The directory first: whoever waits for one must not keep a place from others. */
  private async enter(directory: string | null, signal: AbortSignal): Promise<() => void> {
    const leave = directory === null ? undefined : await this.gate?.enter(directory, signal);
    try {
      const leaveSlot = await this.slots.enter(signal);
      return () => {
        leaveSlot();
        leave?.();
      };
    } catch (error) {
      leave?.();
      throw error;
    }
  }

  /** Waits until more tasks can be worked on. @returns how many; in the end any number */
  private async freeSlots(): Promise<number> {
    for (;;) {
      const { concurrency } = this.parts;
      // Those that wait for a directory do not count, but there must be an end to them too.
      const most = this.gate === null ? concurrency : 2 * concurrency;
      const free = Math.min(this.gate === null ? most : this.slots.free, most - this.running, MOST_AT_ONCE);
      if (free > 0 || this.isStopping()) return free;
      this.room = Promise.withResolvers();
      await this.room.promise;
    }
  }

  private noteAway({ message }: SourceAway): void {
    if (!this.isAway) this.parts.onEvent({ kind: 'away', reason: message });
    this.isAway = true;
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
