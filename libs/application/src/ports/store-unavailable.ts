/**
 * Why one call of the store got no answer. A request makes several: what is certain of one says nothing about the others,
 * so that no caller outside is told that nothing was done.
 * - unreachable: the database refused the connection, or is gone; nothing was done.
 * - overloaded: too many commands wait already, or locks did not come free; nothing was done.
 * - timed_out: the command was not done within its time; dropped before it ran.
 * - closing: the service is stopping; nothing was done.
 * - no_space: the disk of the database is full; nothing was done.
 * - file_gone: the database's file was removed or replaced; nothing was done.
 * - unknown: the database failed while it worked; the write may or may not have happened.
 */
export type StoreFault =
  'unreachable' | 'overloaded' | 'timed_out' | 'closing' | 'no_space' | 'file_gone' | 'unknown';

/** The store gave no answer. Says nothing about the task: repeat later, best with an idempotency key. */
export class StoreUnavailable extends Error {
  constructor(
    readonly fault: StoreFault,
    options?: ErrorOptions,
  ) {
    super(`the task store gave no answer: ${fault}`, options);
  }
}
