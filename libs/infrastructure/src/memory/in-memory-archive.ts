import { Archive, type ArchiveStep } from '@task/application';
import { hasEnded, type Retention } from '@task/domain';
import type { InMemoryTaskStore } from './in-memory-task-store';

/** The archive of a store in memory. */
export class InMemoryArchive extends Archive {
  constructor(private readonly store: InMemoryTaskStore) {
    super();
  }

  override step(retention: Retention, after: number, limit: number): Promise<ArchiveStep> {
    return this.store.archive((now, events) => {
      const log = events.filter(({ eventId }) => eventId > after).slice(0, limit);
      const old = log.slice(0, log.findLastIndex(({ at }) => at <= retention.cutoff(now)) + 1);
      const ended = new Set(old.filter(({ to }) => hasEnded(to)).map(({ taskId }) => taskId));
      return {
        isOver: ({ id, state }) => ended.has(id) && retention.isOver(state, now),
        readTo: old.at(-1)?.eventId ?? after,
        hasMore: old.length === limit,
      };
    });
  }
}
