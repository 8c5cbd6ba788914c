import type { EpochMs } from './epoch-ms';
import type { Needs } from './needs';

/**
 * What stands between a waiting task and a claim. Stored with the task, so that a claim reads an index and computes
 * nothing.
 * - ready: the next claim may take it.
 * - scheduled: not before its `availableAt`; the promotion of due tasks moves it on.
 * - blocked: waits for the tasks it depends on.
 * - held: its concurrency key has no free slot for it.
 */
export const GATES = ['ready', 'scheduled', 'blocked', 'held'] as const;

/** One of {@link GATES}. */
export type Gate = (typeof GATES)[number];

/** What decides about the gate of a waiting task. */
export interface GateConditions {
  readonly availableAt: EpochMs | null;
  readonly needs: Needs | null;
  readonly concurrencyKey: string | null;
}

/**
 * The gate of a waiting task: the first of the conditions that it does not meet, in the order in which they are met
 * for good. One that shares a concurrency key is held until its key admits it.
 */
export function gateOf({ availableAt, needs, concurrencyKey }: GateConditions, now: EpochMs): Gate {
  if (needs !== null && needs.pending > 0) return 'blocked';
  if (availableAt !== null && availableAt > now) return 'scheduled';
  return concurrencyKey === null ? 'ready' : 'held';
}
