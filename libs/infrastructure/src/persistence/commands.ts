import type { Cancellation, ClaimFilter, DecideNew } from '@task/application';
import type { Decide, Task } from '@task/domain';

/** A new task or several, all or none. */
export interface InsertCommand {
  readonly kind: 'insert';
  readonly decide: DecideNew;
}

/** A write to one task that is there. */
export interface UpdateCommand {
  readonly kind: 'update';
  readonly id: string;
  readonly decide: Decide;
}

/** A worker's wish for work. */
export interface ClaimCommand {
  readonly kind: 'claim';
  readonly filter: ClaimFilter;
  readonly limit: number;
  readonly decide: Decide;
}

export type Command = InsertCommand | UpdateCommand | ClaimCommand;

/** What became of a command, known once its group is committed. */
export type Outcome =
  { readonly ok: true; readonly tasks: readonly Task[] } | { readonly ok: false; readonly error: unknown };

/** A command in the lane, with the promise that waits for it. */
export interface Submitted {
  readonly command: Command;
  readonly signal: Cancellation;
  /** When it gave up waiting, on the monotonic clock, ms. */
  readonly deadline: number;
  readonly settle: (outcome: Outcome) => void;
}
