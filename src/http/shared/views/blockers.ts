import { blockersOf, type Blocker, type EpochMs, type Task } from '@task/domain';
import { iso } from './format';

/** One thing that keeps a waiting task from being claimed, as every dialect tells it. */
export type PresentedBlocker =
  | { readonly kind: 'not_due'; readonly available_at: string }
  | { readonly kind: 'dependencies'; readonly pending: number }
  | { readonly kind: 'concurrency_key'; readonly concurrency_key: string };

/** Why a waiting task cannot be claimed now; null for one that does not wait. */
export function blockersView({ state }: Task, now: EpochMs): readonly PresentedBlocker[] | null {
  return state.status === 'waiting' ? blockersOf(state, now).map(presented) : null;
}

function presented(blocker: Blocker): PresentedBlocker {
  if (blocker.kind === 'not_due') return { kind: blocker.kind, available_at: iso(blocker.availableAt) };
  return blocker.kind === 'dependencies'
    ? { kind: blocker.kind, pending: blocker.pending }
    : { kind: blocker.kind, concurrency_key: blocker.key };
}
