import type { EpochMs } from './epoch-ms';

/**
 * What stands between a waiting task and a claim. Stored with the task, so that a claim reads an index and computes
 * nothing.
 * - ready: the next claim may take it.
 * - scheduled: not before its `availableAt`; the promotion of due tasks moves it on.
 * - blocked: waits for the tasks it depends on.
 * - held: its concurrency key has no free slot.
 */
export const GATES = ['ready', 'scheduled', 'blocked', 'held'] as const;

/** One of {@link GATES}. */
export type Gate = (typeof GATES)[number];

/** The gate of a waiting task: the first of the conditions that it does not meet. */
export function gateOf(availableAt: EpochMs | null, now: EpochMs): Gate {
  return availableAt !== null && availableAt > now ? 'scheduled' : 'ready';
}
