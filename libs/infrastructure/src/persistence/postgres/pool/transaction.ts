import type { DataSource, EntityManager } from 'typeorm';
import { repeated } from '../../repeated';
import { isRepeatable } from '../postgres-faults';
import { inTransactionScope, noteTransaction } from '../../transaction-scope';

/**
 * Runs work in a transaction of its own, beside the lane.
 * @param work uses the manager it is given, and no other connection; may be called again
 */
export function transaction<T>(source: DataSource, work: (manager: EntityManager) => Promise<T>): Promise<T> {
  const once = (): Promise<T> =>
    inTransactionScope(() =>
      source
        .transaction((manager) => {
          noteTransaction(true);
          return work(manager);
        })
        .finally(() => noteTransaction(false)),
    );
  return repeated(once, isRepeatable);
}
