import type { Cancellation } from '@task/application';
import type { EpochMs } from '@task/domain';
import type { Upkeep } from './commands';
import type { Lane } from './lane';

const ALWAYS_WANTED: Cancellation = { aborted: false };

/**
 * Writes what is no task, in the transaction of a group of the lane. What the work answers leaves after the commit.
 * @param work may be called again when the group has to be repeated; what it throws takes the whole group back, so that
 *             a refusal is better answered than thrown
 */
export async function inLane<T>(lane: Lane, work: (tables: Upkeep, now: EpochMs) => Promise<T>): Promise<T> {
  let done: { readonly answer: T } | undefined;
  const run = async (tables: Upkeep, now: EpochMs): Promise<void> => {
    done = { answer: await work(tables, now) };
  };
  await lane.submit({ kind: 'upkeep', run }, ALWAYS_WANTED);
  if (done === undefined) throw new Error('the lane answered without running the work');
  return done.answer;
}
