import type { Timers } from '@task/application';
import { nextTryMs } from './next-try';
import { pause } from './pause';
import { HoldEnded, SourceRefused } from './work-source';

/** A queue that comes back later than this has given the task to somebody else by then. */
const LONGEST_MS = 15 * 60_000;
/** What is left to a worker that stops. */
const HURRIED_MS = 5_000;

/** What became of the word that an attempt is over. */
export type Reported =
  | { readonly kind: 'taken' }
  | { readonly kind: 'not_ours'; readonly ended: HoldEnded }
  | { readonly kind: 'refused'; readonly reason: string }
  | { readonly kind: 'untold'; readonly reason: string };

/** Tells the queue how an attempt ended, again and again while it gives no answer: work that is done must not be lost. */
export class OutcomeReporter {
  constructor(
    private readonly timers: Timers,
    private readonly random: () => number,
    /** Aborted when the worker stops. */
    private readonly hurry: AbortSignal,
  ) {}

  async tell(send: () => Promise<void>): Promise<Reported> {
    const begun = this.timers.monotonic();
    let hurriedAt: number | null = null;
    for (let failures = 0; ; failures += 1) {
      const outcome = await attempted(send);
      if (!('again' in outcome)) return outcome;
      const now = this.timers.monotonic();
      if (this.hurry.aborted) hurriedAt ??= now;
      const end = Math.min(begun + LONGEST_MS, (hurriedAt ?? Infinity) + HURRIED_MS);
      const waitMs = Math.min(nextTryMs(outcome.again, failures, this.random), Math.max(0, end - now));
      if (now >= end) return { kind: 'untold', reason: reasonOf(outcome.again) };
      await pause(this.timers, waitMs, hurriedAt === null ? this.hurry : new AbortController().signal);
    }
  }
}

async function attempted(send: () => Promise<void>): Promise<Reported | { readonly again: unknown }> {
  try {
    await send();
    return { kind: 'taken' };
  } catch (error) {
    if (error instanceof HoldEnded) return { kind: 'not_ours', ended: error };
    if (error instanceof SourceRefused) return { kind: 'refused', reason: error.message };
    return { again: error };
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
