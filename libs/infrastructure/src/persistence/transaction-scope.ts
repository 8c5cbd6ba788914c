import { AsyncLocalStorage } from 'node:async_hooks';

interface Scope {
  isOpen: boolean;
}

const scopes = new AsyncLocalStorage<Scope>();

/**
 * Somebody asked for a second connection in the middle of a transaction. Two of them could wait for each other for
 * ever, when no connection is left, and what is written there is no part of the transaction: a mistake of ours.
 */
export class SecondConnection extends Error {
  constructor() {
    super('a second connection was asked for inside a transaction');
  }
}

/** Runs work that may open a transaction, on one connection, with {@link noteTransaction}. */
export function inTransactionScope<T>(work: () => Promise<T>): Promise<T> {
  return scopes.run({ isOpen: false }, work);
}

/** A transaction of the scope around has begun or ended. */
export function noteTransaction(isOpen: boolean): void {
  const scope = scopes.getStore();
  if (scope !== undefined) scope.isOpen = isOpen;
}

/** Whether whoever asks is in the middle of a transaction. */
export function isInTransaction(): boolean {
  return scopes.getStore()?.isOpen ?? false;
}
