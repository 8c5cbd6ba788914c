import type { StoreUnavailable } from '@task/application';

/** What an error of the database means to callers; null for a mistake of ours. */
export type FaultOf = (error: unknown) => StoreUnavailable | null;

/** Waits for an answer of the database. @throws StoreUnavailable in place of an error that means it gave none */
export async function ask<T>(answer: Promise<T>, faultOf: FaultOf): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    throw faultOf(error) ?? error;
  }
}
