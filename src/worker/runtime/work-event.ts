import type { WorkTask } from './work-task';

/**
 * How an attempt ended, as far as its worker knows.
 * - completed, failed, timed_out: the queue has taken it down
 * - cancelled, lost: the queue knows better, and is told nothing
 * - released: given back
 * - unreported: the queue could not be told; the lease will run out
 */
export type AttemptOutcome =
  'completed' | 'failed' | 'timed_out' | 'cancelled' | 'lost' | 'released' | 'unreported';

/** What happens in a worker, for whoever shows or logs it. */
export type WorkEvent =
  | { readonly kind: 'started'; readonly task: WorkTask }
  | {
      readonly kind: 'progress';
      readonly task: WorkTask;
      readonly progress: number;
      readonly message: string | undefined;
    }
  | {
      readonly kind: 'ended';
      readonly task: WorkTask;
      readonly outcome: AttemptOutcome;
      /** Why, where it did not end well. */
      readonly reason: string | null;
      /** The same for logs: without what a command or an address has written. */
      readonly summary: string | null;
      readonly result: object | undefined;
      readonly durationMs: number;
    }
  /** The work does not stop although it was told to: whoever waits for it does not any longer. */
  | { readonly kind: 'abandoned'; readonly task: WorkTask }
  | { readonly kind: 'away'; readonly reason: string }
  | { readonly kind: 'back' }
  | { readonly kind: 'stopping'; readonly running: number };
