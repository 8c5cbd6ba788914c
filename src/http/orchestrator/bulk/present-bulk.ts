import type { ChangedMany } from '@task/application';
import type { ChangedTasks } from './bulk.view';

/** What became of the tasks that match a filter. */
export function changedTasks(outcome: ChangedMany, dryRun: boolean): ChangedTasks {
  const { matched, matchedCapped, changed, skipped, hasMore } = outcome;
  return {
    matched,
    matched_capped: matchedCapped,
    changed,
    skipped,
    has_more: hasMore,
    dry_run: dryRun,
  };
}
