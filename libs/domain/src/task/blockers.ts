import type { EpochMs } from './epoch-ms';
import type { TaskState } from './task-state';

/** Why a waiting task cannot be claimed now. */
export interface Blocker {
  readonly kind: 'not_due';
  /** When it can be claimed. */
  readonly availableAt: EpochMs;
}

/** Everything that stands between a waiting task and a claim; empty for one that is ready, or does not wait. */
export function blockersOf({ status, gate, availableAt }: TaskState): readonly Blocker[] {
  if (status !== 'waiting' || gate !== 'scheduled' || availableAt === null) return [];
  return [{ kind: 'not_due', availableAt }];
}
