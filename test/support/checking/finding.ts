/**
 * What can be wrong.
 * - lost: acknowledged, and not there.
 * - unexpected: there, and nobody asked for it.
 * - done_twice: one task was completed twice.
 * - one_lease_twice: one claim of a task, or one token, went to two callers.
 * - robbed: a task was taken from a holder before its lease ended, or a holder was sent away from a task that nobody
 *   had taken from it.
 * - stale_holder: an acknowledged write of a holder stands in the history of another attempt.
 * - outside_table: a transition that the state machine does not have.
 * - not_the_fold: a task that is not what its history makes it.
 * - event_ids: gaps, repeats, or a history told out of order.
 * - overtaken: an operation that began after another's end has the smaller event id.
 * - out_of_turn: a claim passed over a task that was more urgent, or as urgent and older.
 */
export type FindingKind =
  | 'lost'
  | 'unexpected'
  | 'done_twice'
  | 'one_lease_twice'
  | 'robbed'
  | 'stale_holder'
  | 'outside_table'
  | 'not_the_fold'
  | 'event_ids'
  | 'overtaken'
  | 'out_of_turn';

export interface Finding {
  readonly kind: FindingKind;
  /** Null where it is no single task's fault. */
  readonly taskId: string | null;
  readonly says: string;
}
