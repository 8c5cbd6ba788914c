import { StoreUnavailable } from '@task/application';

/** What each of some commands was told: the store's fault, another error as it is, or `done`. */
export function faultsIn(answers: readonly PromiseSettledResult<unknown>[]): unknown[] {
  return answers.map((answer) => {
    if (answer.status === 'fulfilled') return 'done';
    const reason: unknown = answer.reason;
    return reason instanceof StoreUnavailable ? reason.fault : reason;
  });
}
