import type { EpochMs } from './epoch-ms';
import type { TaskState } from './task-state';

/** Why a waiting task cannot be claimed now. */
export type Blocker =
  | {
      readonly kind: 'not_due';
      /** When it can be claimed. */
      readonly availableAt: EpochMs;
    }
  | {
      readonly kind: 'dependencies';
      /** How many of them are not completed yet. */
      readonly pending: number;
    }
  | {
      readonly kind: 'concurrency_key';
      readonly key: string;
    };

/** Everything that stands between a waiting task and a claim; empty for one that is ready, or does not wait. */
export function blockersOf(state: TaskState, now: EpochMs): readonly Blocker[] {
  const { status, gate, availableAt, needs, concurrencyKey } = state;
  if (status !== 'waiting' || gate === 'ready') return [];
  const blockers: Blocker[] = [];
  if (needs !== null && needs.pending > 0) blockers.push({ kind: 'dependencies', pending: needs.pending });
  // One whose time has come may be scheduled still, until a claim or a sweep looks: nothing stands in its way.
  if (availableAt !== null && availableAt > now) blockers.push({ kind: 'not_due', availableAt });
  if (gate === 'held' && concurrencyKey !== null)
    blockers.push({ kind: 'concurrency_key', key: concurrencyKey });
  return blockers;
}
