import type { Retention } from '@task/domain';

/** How far a step of archiving came. */
export interface ArchiveStep {
  /** Tasks that were moved. */
  readonly archived: number;
  /** Everything that happened up to this event was looked at; the next step continues behind it. */
  readonly readTo: number;
  /** Whether more may be found behind it now. */
  readonly hasMore: boolean;
}

/**
 * Where tasks go that ended long ago, with their history. `TaskStore.find` and `TaskStore.history` find them there
 * still, `TaskStore.list` does not; counts and statistics stay what they were. What would change one is refused.
 * @throws TaskArchived from `TaskStore.update`, where the task's state itself does not refuse it already
 * @throws StoreUnavailable
 */
export abstract class Archive {
  /**
   * Moves tasks whose time is over, in the order in which they ended: a small step in one transaction, behind whatever
   * else waits to be written. Tasks that another transaction holds are left for another time. Safe to run on every
   * instance at once.
   * @param after the event up to which was looked already; 0 begins with the oldest
   * @param limit events that are looked at in this step at most
   */
  abstract step(retention: Retention, after: number, limit: number): Promise<ArchiveStep>;
}
