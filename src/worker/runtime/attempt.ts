import type { Timers } from '@task/application';
import { TASK_RULES } from '@task/domain';
import { LeaseKeeper } from './lease-keeper';
import { failed, failureOf, outcomeOf, storable, type Outcome } from './outcome';
import type { OutcomeReporter, Reported } from './outcome-reporter';
import { within } from './pause';
import { AttemptEnded, type EndReason, type TaskHandler } from './task-handler';
import type { AttemptOutcome, WorkEvent } from './work-event';
import type { Hold, HoldEnded, WorkSource } from './work-source';

const MAX_MESSAGE_CHARACTERS = TASK_RULES.progressMessage.schema.maxLength ?? 0;

/** What an attempt needs of its worker. */
export interface AttemptParts {
  readonly source: WorkSource;
  readonly timers: Timers;
  readonly random: () => number;
  readonly reporter: OutcomeReporter;
  readonly leaseMs: number;
  /** Longest time of any attempt; null leaves it to the task. */
  readonly timeoutMs: number | null;
  /** How long a handler may take to end after it was told to. */
  readonly endMs: number;
  /** Waits for its turn; gives it back. */
  readonly enter: (signal: AbortSignal) => Promise<() => void>;
  readonly onEvent: (event: WorkEvent) => void;
}

interface Ended {
  readonly outcome: AttemptOutcome;
  readonly reason: string | null;
  readonly result?: object | undefined;
}

/** One task in the hands of a worker, from its claim until the queue knows how it ended. */
export class Attempt {
  private readonly ending = new AbortController();
  private readonly keeper: LeaseKeeper;
  private readonly begun: number;
  private summary: string | null = null;

  constructor(
    private readonly hold: Hold,
    private readonly handler: TaskHandler,
    private readonly parts: AttemptParts,
  ) {
    this.begun = parts.timers.monotonic();
    const onEnd = ({ kind, message }: HoldEnded): void => this.end(kind, message);
    this.keeper = new LeaseKeeper({ ...parts, hold, onEnd });
  }

  /** Works on it. Never throws. */
  async run(): Promise<AttemptOutcome> {
    const { timers, onEvent } = this.parts;
    const { task } = this.hold;
    this.keeper.start();
    const cancelTimeout = this.endInTime();
    const outcome = await this.work();
    cancelTimeout();
    const ended = await this.settle(outcome);
    this.keeper.stop();
    const { reason, result } = ended;
    const durationMs = Math.round(timers.monotonic() - this.begun);
    const summary = ended.outcome === 'failed' ? this.summary : reason;
    onEvent({ kind: 'ended', task, outcome: ended.outcome, reason, summary, result, durationMs });
    return ended.outcome;
  }

  /** Tells the handler to end. The first reason counts. */
  end(kind: EndReason, message: string): void {
    if (!this.ending.signal.aborted) this.ending.abort(new AttemptEnded(kind, message));
  }

  private endInTime(): () => void {
    const { timers, timeoutMs } = this.parts;
    const { timeoutSeconds } = this.hold.task;
    const ms = Math.min(timeoutMs ?? Infinity, timeoutSeconds === null ? Infinity : timeoutSeconds * 1000);
    if (ms === Infinity) return () => undefined;
    return timers.after(ms, () => this.end('timed_out', `timed out after ${ms / 1000} s`));
  }

  /** @returns null when the handler has not come to an end by itself */
  private async work(): Promise<Outcome | null> {
    const { signal } = this.ending;
    let leave = (): void => undefined;
    try {
      leave = await this.parts.enter(signal);
      this.parts.onEvent({ kind: 'started', task: this.hold.task });
      return await this.handled();
    } catch (error) {
      return signal.aborted ? null : failureOf(error);
    } finally {
      leave();
    }
  }

  private async handled(): Promise<Outcome | null> {
    const { timers, endMs, onEvent } = this.parts;
    const { task } = this.hold;
    const { signal } = this.ending;
    const context = { signal, progress: (percent: number, message?: string) => this.tell(percent, message) };
    const work = new Promise((resolve) => resolve(this.handler(task, context)));
    const aborted = Promise.withResolvers<null>();
    signal.addEventListener('abort', () => aborted.resolve(null), { once: true });
    if (signal.aborted) aborted.resolve(null);
    const first = await Promise.race([work.then(outcomeOf), aborted.promise]);
    if (first !== null) return first;
    if (!(await within(timers, endMs, work))) {
      onEvent({ kind: 'abandoned', task });
      return null;
    }
    // What was done in the last moment is done, unless its time was over.
    return work.then(outcomeOf);
  }

  private tell(percent: number, message: string | undefined): void {
    if (this.ending.signal.aborted || !Number.isFinite(percent)) return;
    const progress = Math.round(Math.min(100, Math.max(0, percent)));
    const said = message === undefined ? undefined : storable(message, MAX_MESSAGE_CHARACTERS);
    this.keeper.tell({ progress, ...(said !== undefined && { message: said }) });
    this.parts.onEvent({ kind: 'progress', task: this.hold.task, progress, message: said });
  }

  private async settle(outcome: Outcome | null): Promise<Ended> {
    const { signal } = this.ending;
    const { kind, message } = signal.aborted ? (signal.reason as AttemptEnded) : { kind: null, message: '' };
    if (kind === 'cancelled' || kind === 'lost') return { outcome: kind, reason: message };
    if (kind === 'timed_out') return this.settled('timed_out', failed(message, true));
    if (outcome !== null) return this.settled(outcome.kind, outcome);
    return this.told('released', message, () => this.parts.source.release(this.hold, message));
  }

  private async settled(kind: AttemptOutcome, outcome: Outcome): Promise<Ended> {
    const { source } = this.parts;
    const { hold } = this;
    if (outcome.kind === 'failed') {
      const { failure, summary } = outcome;
      this.summary = summary;
      return this.told(kind, failure.message, () => source.fail(hold, failure), failure.result);
    }
    const { result } = outcome;
    const ended = await this.told(kind, null, () => source.complete(hold, result), result);
    if (ended.outcome !== 'unreported' || ended.isRefused !== true) return ended;
    return this.settled(
      'failed',
      failed(`the service did not take the result: ${ended.reason ?? ''}`, false),
    );
  }

  private async told(
    outcome: AttemptOutcome,
    reason: string | null,
    send: () => Promise<void>,
    result?: object,
  ): Promise<Ended & { readonly isRefused?: boolean }> {
    const reported: Reported = await this.parts.reporter.tell(send);
    switch (reported.kind) {
      case 'taken':
        return { outcome, reason, result };
      case 'not_ours':
        // The service counts the time too, and may have been first.
        if (outcome === 'timed_out' && reported.ended.kind === 'lost') return { outcome, reason };
        return { outcome: reported.ended.kind, reason: reported.ended.message };
      case 'refused':
        return { outcome: 'unreported', reason: reported.reason, isRefused: true };
      case 'untold':
        return { outcome: 'unreported', reason: reported.reason };
    }
  }
}
